export { tenancyRoutes } from './routes.ts';
export type { TenancyDeps } from './ports.ts';
export { QuotaAdmission } from './quota/quota-admission.ts';
export type { AdmissionAddress } from './quota/quota-admission.ts';
