import type { Allowed } from './allowed-differences.ts';

/** What of the resources part of KubeSphere's API is not served yet. An entry goes when its operation comes. */
export const notYet: readonly Allowed[] = [
  {
    why: 'resources v1alpha2: its lists, components and abnormal workloads',
    differences: [
      [/^r2 (deployments\?|pods\?|jobs|abnormalworkloads)/, /^\/status: 200 → 404$/],
      [/^r2 (deployments\?|pods\?|jobs|abnormalworkloads)/, /^\/form: "object" → "Status"$/],
      [/^r2 cluster (componenthealth|components|abnormalworkloads|storageclasses) /, /^\/status: 200 → 404$/],
      [/^r2 cluster (componenthealth|components|abnormalworkloads|storageclasses) /, /^\/form: "object" → "Status"$/],
    ],
  },
  {
    why: 'operations v1alpha2: running a job again, and the history of a job’s runs',
    differences: [
      [/^rerun (job|none|odd) /, /^\/status: (409|500|400) → 404$/],
      [/^rerun (job|none|odd) /, /^\/form: "object" → "Status"$/],
      [/^r3 jobs /, /^\/body\/items\/once\/metadata\/annotations: .*revisions.* → undefined$/],
    ],
  },
  {
    why: 'checking the credentials of a registry or a git server',
    differences: [
      [/^(registry|git) /, /^\/status: (400|500) → 404$/],
      [/^git /, /^\/form: "object" → "Status"$/],
    ],
  },
];
