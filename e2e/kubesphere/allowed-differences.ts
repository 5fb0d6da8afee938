/** Why some answers may differ from those of KubeSphere 3.4, and which: by the name of the request and what differs. */
export interface Allowed {
  readonly why: string;
  /** `name of the request [who asks]`, and `place: recorded → ours`; each pair must be found in the run. */
  readonly differences: readonly (readonly [request: RegExp, difference: RegExp])[];
  /** Only where the cluster is of that make; real ones differ among themselves, so nothing of theirs must be found. */
  readonly on?: 'embedded' | 'real';
}

const any = /./;

/** What Freehold does better, or in its own way where nobody depends on it. */
export const better: readonly Allowed[] = [
  {
    why: 'every failure is a Kubernetes Status, not a text or a message of another form',
    differences: [
      [any, /^\/form: "text" → "Status"$/],
      [
        /^(r2 deployments\/web\/revisions\/9|r2 cluster users\/jane\/kubectl|r2 router) /,
        /^\/form: "object" → "Status"$/,
      ],
    ],
  },
  {
    why: 'what is not there is 404, not an internal error',
    differences: [
      [
        /^(user missing|r3 deployments\/none|r3 cluster components\/none|r2 deployments\/web\/revisions\/9) /,
        /^\/status: 500 → 404$/,
      ],
      [/^r2 cluster users\/jane\/kubectl /, /^\/status: 500 → 404$/],
    ],
  },
  {
    why: 'what exists already is a conflict, and what is invalid is told from what cannot be read',
    differences: [
      [/^create (workspace|project) again /, /^\/status: 400 → 409$/],
      [/^create (workspace|project) bad /, /^\/status: 400 → 422$/],
    ],
  },
  {
    why: 'nobody is made a member who does not exist: whoever came later under the name would have the role',
    differences: [
      [/^add member nobody /, /^\/status: 200 → 404$/],
      [/^add member nobody /, /^\/form: "object" → "Status"$/],
      [/^workspace bindings /, /^\/body\/items\/none-dev-viewer: .* → undefined$/],
      [/^workspace bindings /, /^\/body\/totalItems: 3 → 2$/],
    ],
  },
  {
    why: 'no project is made in a workspace that does not exist',
    differences: [
      [/^create project workspace missing /, /^\/status: 200 → 404$/],
      [/^create project workspace missing /, /^\/form: "object" → "Status"$/],
      [/^r2 cluster quotas /, /^\/body\/data\/used\/count~1deployments.apps: "4" → "3"$/],
    ],
  },
  {
    why: 'who has no role in a workspace reads nothing of it, and nobody reads namespaces that belong to no workspace by a role in one',
    differences: [
      [/^(workspace|workspace template|project) \[(mark|ops)\]/, /^\/status: 200 → 403$/],
      [/^(workspace|workspace template|project) \[(mark|ops)\]/, /^\/form: "object" → "Status"$/],
      [/^projects \[ops\]/, /^\/status: 200 → 403$/],
      [/^projects \[ops\]/, /^\/form: "object" → "Status"$/],
      [/^kube-system by api \[jane\]/, /^\/status: 200 → 403$/],
      [/^kube-system by api \[jane\]/, /^\/form: "object" → "Status"$/],
    ],
  },
  {
    why: 'a workspace is patched by a JSON merge patch too',
    differences: [
      [/^workspace patch /, /^\/status: 500 → 200$/],
      [/^workspace patch /, /^\/form: "text" → "object"$/],
    ],
  },
  {
    why: 'an e-mail address, by which people sign in, belongs to one of them, and an empty one to nobody',
    differences: [
      [/^create user (no mail|mail taken) /, /^\/status: 200 → 422$/],
      [/^create user (no mail|mail taken) /, /^\/form: "object" → "Status"$/],
      [/^list users /, /^\/body\/totalItems: 6 → 4$/],
      [/^r3 cluster users\?name=jane /, /^\/body\/items\/jane2: .* → undefined$/],
      [/^r3 cluster users\?name=jane /, /^\/body\/totalItems: 2 → 1$/],
    ],
  },
  {
    why: 'a filter that is not known, or cannot be read, is said; an empty list would be taken for an answer',
    differences: [
      [/^(users\?unknown=1|deployments\?nonsense=1|deployments\?labelSelector=%3D%3D) /, /^\/status: 200 → 400$/],
      [
        /^(users\?unknown=1|deployments\?nonsense=1|deployments\?labelSelector=%3D%3D) /,
        /^\/form: "object" → "Status"$/,
      ],
    ],
  },
  {
    why: 'objects say their kind and version',
    differences: [
      [any, /^\/body(\/items\/[^/]+)?\/(apiVersion|kind): undefined → /],
      [/roles/, /^\/body\/[\w-]+\/(apiVersion|kind): undefined → /],
    ],
  },
  {
    why: 'a password that somebody else chose is to be changed by whom it is for, not only the first administrator’s',
    differences: [[any, /\/iam.kubesphere.io~1uninitialized: undefined → "true"$/]],
  },
  {
    why: 'an account can sign in as soon as its creation is answered: its password is hashed before it is stored, and its role is bound',
    differences: [
      [/^create user/, /^\/body\/metadata\/(annotations|finalizers): undefined → /],
      [/^create user/, /^\/body\/status\/(state|lastTransitionTime): undefined → /],
    ],
  },
  {
    why: 'what the platform made of an object is on it from the beginning: who made it, who manages it, that something is to be tidied before it goes',
    differences: [
      [/workspace|project|namespaces|group/, /\/kubesphere.io~1creator: undefined → "(admin|jane)"$/],
      [/globalrole/, /^\/body\/metadata\/labels: undefined → {"app.kubernetes.io\/managed-by":"freehold"}$/],
      [/role/, /\/app.kubernetes.io~1managed-by: undefined → "freehold"$/],
      [/role/, /\/metadata\/labels: undefined → {"app.kubernetes.io\/managed-by":"freehold"}$/],
      [/binding|member/, /\/app.kubernetes.io~1managed-by: undefined → "freehold"$/],
      [/^groups? /, /\/metadata\/finalizers: undefined → \["finalizers.kubesphere.io\/groups"\]$/],
    ],
  },
  {
    why: 'who makes a project is its administrator, as with KubeSphere’s console, which writes the annotation itself',
    differences: [
      [/^project members/, /^\/body\/items\/jane: undefined → /],
      [/^project members /, /^\/body\/totalItems: 0 → 1$/],
      [/^project members 2 /, /^\/body\/totalItems: 2 → 3$/],
      [/^r3 rolebindings/, /^\/body\/totalItems: 2 → 3$/],
      [/^all projects \[jane\]/, /^\/body\/items\/shop: undefined → /],
      [/^all projects \[jane\]/, /^\/body\/totalItems: 0 → 1$/],
    ],
  },
  {
    why: 'nothing has to happen before a namespace or a Workspace goes, so neither waits for a finalizer',
    differences: [
      [/project/, /\/metadata\/finalizers: \["finalizers.kubesphere.io\/namespaces"\] → undefined$/],
      [/namespaces/, /\/metadata\/finalizers: \["finalizers.kubesphere.io\/namespaces"\] → undefined$/],
      [/^r3 cluster workspaces/, /\/metadata\/finalizers: \["finalizers.tenant.kubesphere.io"\] → undefined$/],
    ],
  },
  {
    why: 'fields that are empty in Go are not written',
    differences: [
      [/workspace/, /\/spec\/template\/metadata: {"creationTimestamp":null} → undefined$/],
      [/^(groups?|r3 cluster groups|r3 cluster workspaces\?sortBy=name) /, /\/status: {} → undefined$/],
      [/^workspace quota /, /^\/body\/status: {"namespaces":null,"total":{}} → undefined$/],
    ],
  },
  {
    why: 'the system’s workspace is described in words of our own, on its template',
    differences: [
      [/^workspace(template)?s /, /\/kubesphere.io~1description: ".*" → undefined$/],
      [/^r3 cluster workspaces/, /\/system-workspace\/metadata\/annotations: .* → undefined$/],
    ],
  },
  {
    why: 'a template that a role names twice is one template',
    differences: [[/^aggregate /, /^\/body\/totalItems: 13 → 11$/]],
  },
  {
    why: 'the workspace is on the cluster that serves it, and the list says so without the kinds of several clusters',
    differences: [
      [/^workspace clusters /, /^\/body\/items\/host: undefined → /],
      [/^workspace clusters /, /^\/body\/totalItems: 0 → 1$/],
    ],
  },
  {
    why: 'a refusal says in which workspace, or why there is none to have',
    differences: [
      [
        /^(add member forbidden|create project by viewer|create project outside|workspace quota forbidden) /,
        /^\/body\/message: .*at the cluster scope" → .*/,
      ],
      [/^kubeconfig of other /, /^\/body\/message: /],
      [/^anon \[-\]/, /^\/body\/message: "forbidden: User \\"system:anonymous\\" cannot GET path/],
    ],
  },
  {
    why: 'a path that nothing serves is not found, for whomever',
    differences: [
      [/^anon /, /^\/status: 403 → 404$/],
      [/^anon /, /^\/body\/(code|details|message|reason): .*→ (404|undefined|"nothing is served.*|"NotFound")$/],
    ],
  },
  {
    why: 'refusals at sign-in tell no more than they must, in plain words',
    differences: [
      [/^(bad token|basic wrong|disabled|after logout) /, /^\/body\/message: "Unauthorized: /],
      [/^(login client|refresh bad) /, /^\/body\/error_description: /],
    ],
  },
  {
    why: 'a token review says that a token is not valid, as Kubernetes has it: an error would be taken for a failing server',
    differences: [
      [/^token review bad /, /^\/status: 400 → 200$/],
      [/^token review bad /, /^\/form: "text" → "object"$/],
    ],
  },
  {
    why: 'groups are told to whom a token is shown, so that a cluster can bind them',
    differences: [
      [/^token review /, /^\/body\/status\/user\/groups: undefined → \[\]$/],
      [/^userinfo /, /^\/body\/groups: undefined → \[\]$/],
    ],
  },
  {
    why: 'the OpenID provider can be used as it stands: addresses that lead here, no implicit flow, no plain challenge, newer keys',
    differences: [
      [/^anon /, /^\/body\/(authorization|token|userinfo|end_session)_endpoint: /],
      [/^anon /, /^\/body\/(issuer|jwks_uri): /],
      [/^anon /, /^\/body\/\w+_supported\/\d+: /],
      [/^keys /, /^\/body\/keys\/1: undefined → /],
    ],
  },
  {
    why: 'no client may be led to just any address',
    differences: [[/^anon /, /^\/body\/clients\/kubesphere\/redirectURIs\/0: "\*" → undefined$/]],
  },
  {
    why: 'the version is Freehold’s: of Node, not of Go, with the release of KubeSphere’s API that it serves',
    differences: [
      [/^anon /, /^\/body\/(compiler|gitMajor|gitMinor|gitVersion|goVersion|platform|freehold|kubernetes\/\w+): /],
    ],
  },
  {
    why: 'only what can be used is switched on: there is no such component here, or it needs none',
    differences: [[/^anon /, /^\/body\/(cache|gateway|metering|monitoring|openpitrix|terminal): true → false$/]],
  },
  {
    why: 'a record says with which program somebody signed in: the recording’s client names none',
    differences: [[/records /, /\/spec\/userAgent: undefined → "node"$/]],
  },
  {
    why: 'everybody’s rights are narrower: those of components come with them, and what is about oneself is a declared rule, not Rego',
    differences: [
      [/^globalroles /, /^\/body\/items\/(anonymous|authenticated)\/rules\/.*/],
      [/^globalroles /, /^\/body\/items\/authenticated\/metadata\/annotations: .*rego-override/],
      [/^r3 cluster globalrolebindings/, /^\/body\/items\/pre-registration\/subjects\//],
    ],
  },
  {
    why: 'the hash of a password is in no answer',
    differences: [[/^r3 cluster users\?name=jane /, /^\/body\/items\/jane\/spec\/password: "<hash>" → undefined$/]],
  },
  {
    why: 'more kinds are listed, and the documented filter by type holds',
    differences: [
      [/^r3 (replicasets|endpoints) /, /^\/status: 404 → 200$/],
      [/^r3 (replicasets|endpoints) /, /^\/form: "text" → "object"$/],
      [/^r3 secrets\?type=/, /^\/body\/items\/cred: undefined → /],
      [/^r3 secrets\?type=/, /^\/body\/totalItems: 0 → 1$/],
    ],
  },
  {
    why: 'pods that run are found by their status, however it is written',
    differences: [
      [/^r2 pods\?conditions=status/, /^\/body\/items\/[^/]+: undefined → /],
      [/^r2 pods\?conditions=status/, /^\/body\/total_count: 0 → \d$/],
    ],
  },
  {
    why: 'a git server that does not answer is no failure of the platform',
    differences: [
      [/^git /, /^\/status: 500 → 400$/],
      [/^git /, /^\/form: "object" → "Status"$/],
    ],
  },
  {
    why: 'that the first password was told is noted, so that it is told once',
    differences: [[any, /\/iam.freehold.io~1password-told: undefined → "true"$/]],
  },
  {
    why: 'the path of a cluster leads to the version, too',
    differences: [
      [/^cluster path \[/, /^\/status: 404 → 200$/],
      [/^cluster path \[/, /^\/form: "text" → "object"$/],
    ],
  },
  {
    why: 'the workspace’s quota is in force: a pod that does not say how much it takes is not counted but refused',
    differences: [
      [/^pods\?sortBy=name/, /^\/body\/items\/1\/metadata\//],
      [/^pods\?sortBy=name/, /^\/body\/items\/3: .* → undefined$/],
      [/^pods\?sortBy=name/, /^\/body\/totalItems: 4 → 3$/],
      [/^r2 (cluster )?quotas /, /^\/body\/data\/used\/count~1pods: "4" → "3"$/],
    ],
  },
  {
    why: 'another cluster: its nodes, classes, definitions and times',
    differences: [
      [/^(nodes|impersonate|r3 cluster nodes)/, /^\/body\/items\/[\w-]+: /],
      [/^r3 cluster customresourcedefinitions/, /\/metadata\/annotations: .* → undefined$/],
      [/^r3 cluster customresourcedefinitions/, /^\/body\/totalItems: 2 → 1$/],
      [/^r2 cluster abnormalworkloads /, /^\/body\/data\/deployments: 1 → 0$/],
      [/^r2 cluster users\/jane\/kubeconfig /, /^\/body: "apiVersion: v1/],
    ],
  },
  {
    why: 'as above: simulated pods say that they are, and there are classes of storage',
    on: 'embedded',
    differences: [
      [/^pods\?/, /\/metadata\/annotations: undefined → {"node.cluster.local\/simulated":"true"}$/],
      [/^r[23] cluster storageclasses /, /^\/body\/(items\/[\w-]+|totalItems|total_count): /],
      [/^kube-system by api \[admin\]/, /^\/body\/metadata\/remainingItemCount: /],
    ],
  },
  {
    why: 'the quota is held to by Kubernetes itself where no webhook reaches the platform, and the project says so',
    on: 'real',
    differences: [[/^r2 quotas /, /^\/body\/data\/(used\/(limits.cpu|pods)|hard): undefined → /]],
  },
  {
    why: 'a cluster of another size',
    on: 'real',
    differences: [
      [/^(nodes|impersonate|r3 cluster nodes)/, /^\/body\/(totalItems|metadata\/(continue|remainingItemCount)): /],
      [/componenthealth /, /^\/body\/nodeStatus\/\w+: 3 → 1$/],
      [/^kube-system by api \[admin\]/, /^\/body\/metadata\/(remainingItemCount|continue): /],
      [/^pods\?|^r3 /, /\/metadata\/annotations: undefined → /],
    ],
  },
];
