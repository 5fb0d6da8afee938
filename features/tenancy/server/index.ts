export { tenancyRoutes } from './routes.ts';
export type { TenancyDeps } from './ports.ts';
export { QuotaAdmission } from './quota/quota-admission.ts';
export type { AdmissionAddress } from './quota/quota-admission.ts';
export { importKubeGems } from './import/import-kubegems.ts';
export { importKubeSphere } from './import/import-kubesphere.ts';
export { reportText } from './import/import-report.ts';
