export { createIam } from './create-iam.ts';
export type { Iam } from './create-iam.ts';
export type { IamDeps } from './ports.ts';
export { iamMigrations } from './migrations.ts';
export { signingKey } from './signing-key.ts';
export { userReview } from './user-review.ts';
