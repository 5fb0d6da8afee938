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

function containerProblem(
  container: Container,
  what: string,
  { account, mountable }: AllowedSecrets,
): string | undefined {
  const end = `is not allowed because service account ${account} does not reference that secret`;
  for (const { name, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef?.name;
    if (secret !== undefined && !mountable.includes(secret))
      return `${what} ${container.name} with envVar ${name} referencing secret.secretName="${secret}" ${end}`;
  }
  for (const { secretRef } of container.envFrom ?? []) {
    if (secretRef?.name !== undefined && !mountable.includes(secretRef.name))
      return `${what} ${container.name} with envFrom referencing secret.secretName="${secretRef.name}" ${end}`;
  }
  return undefined;
}

/** The first secret of the pod that its account, which limits them, does not name. */
export function forbiddenSecret(spec: SecretsSpec, allowed: AllowedSecrets): string | undefined {
  const { account, mountable, pullable } = allowed;
  for (const { secret } of spec.volumes ?? []) {
    const name = secret?.secretName;
    if (name !== undefined && !mountable.includes(name))
      return `volume with secret.secretName="${name}" is not allowed because service account ${account} does not reference that secret`;
  }
  const inits = (spec.initContainers ?? []).map((container) => containerProblem(container, 'init container', allowed));
  const usual = (spec.containers ?? []).map((container) => containerProblem(container, 'container', allowed));
  const problem = [...inits, ...usual].find((text) => text !== undefined);
  if (problem) return problem;
  const index = (spec.imagePullSecrets ?? []).findIndex(({ name = '' }) => !pullable.includes(name));
  if (index < 0) return undefined;
  const name = spec.imagePullSecrets?.[index]?.name ?? '';
  return `imagePullSecrets[${index}].name="${name}" is not allowed because service account ${account} does not reference that imagePullSecret`;
}
