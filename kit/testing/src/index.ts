export { startTestPlatform } from './platform.ts';
export type { TestPlatform, TestPlatformOptions } from './platform.ts';
export { signIn } from './sign-in.ts';
export type { Session } from './sign-in.ts';
