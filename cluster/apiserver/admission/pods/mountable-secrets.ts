interface SecretRef {
  readonly secretKeyRef?: { readonly name?: string };
}

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly valueFrom?: SecretRef }[] | null;
  readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[] | null;
}

/** What of a pod's spec may name secrets. */
export interface SecretsSpec {
  readonly volumes?: readonly { readonly secret?: { readonly secretName?: string } }[] | null;
  readonly initContainers?: readonly Container[] | null;
  readonly containers?: readonly Container[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[] | null;
}

export interface AllowedSecrets {
  readonly account: string;
  readonly mountable: readonly string[];
  readonly pullable: readonly string[];
}

function envProblem({ env, envFrom }: Container, allowed: AllowedSecrets): string | undefined {
  const variable = (env ?? []).find(({ valueFrom }) => isOther(valueFrom?.secretKeyRef?.name, allowed));
  const named = (name: string | undefined): string => `referencing secret.secretName="${name ?? ''}"`;
  if (variable) return `with envVar ${variable.name} ${named(variable.valueFrom?.secretKeyRef?.name)}`;
  const source = (envFrom ?? []).find(({ secretRef }) => isOther(secretRef?.name, allowed));
  return source && `with envFrom ${named(source.secretRef?.name)}`;
}

const isOther = (secret: string | undefined, { mountable }: AllowedSecrets): boolean =>
  secret !== undefined && !mountable.includes(secret);

function containerProblem(container: Container, what: string, allowed: AllowedSecrets): string | undefined {
  const problem = envProblem(container, allowed);
  const end = `is not allowed because service account ${allowed.account} does not reference that secret`;
  return problem && `${what} ${container.name} ${problem} ${end}`;
}

function volumeProblem({ volumes }: SecretsSpec, allowed: AllowedSecrets): string | undefined {
  const volume = (volumes ?? []).find(({ secret }) => isOther(secret?.secretName, allowed));
  if (!volume) return undefined;
  return `volume with secret.secretName="${volume.secret?.secretName ?? ''}" is not allowed because service account ${allowed.account} does not reference that secret`;
}

function pullProblem({ imagePullSecrets }: SecretsSpec, { account, pullable }: AllowedSecrets): string | undefined {
  const index = (imagePullSecrets ?? []).findIndex(({ name = '' }) => !pullable.includes(name));
  if (index < 0) return undefined;
  const name = imagePullSecrets?.[index]?.name ?? '';
  return `imagePullSecrets[${index}].name="${name}" is not allowed because service account ${account} does not reference that imagePullSecret`;
}

/** The first secret of the pod that its account, which limits them, does not name. */
export function forbiddenSecret(spec: SecretsSpec, allowed: AllowedSecrets): string | undefined {
  const inits = (spec.initContainers ?? []).map((container) => containerProblem(container, 'init container', allowed));
  const usual = (spec.containers ?? []).map((container) => containerProblem(container, 'container', allowed));
  const problems = [volumeProblem(spec, allowed), ...inits, ...usual, pullProblem(spec, allowed)];
  return problems.find((text) => text !== undefined);
}
