import type { ClusterObject } from '../../../client.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import { invalid } from '../../store/api-errors.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied, isCore, isWhole } from '../denied.ts';
import { asksNothing, labelCauses, policyOf } from './namespace-policy.ts';
import type { Policy } from './namespace-policy.ts';
import { containersOf } from './pod-fields.ts';
import type { PodLike, PodSpec } from './pod-fields.ts';
import { existingPodWarnings } from './existing-pods.ts';
import { free, levels, standardText, violations, violationText } from './standards.ts';
import type { Standard } from './standards.ts';

const namespaces = resourceKey('', 'namespaces');
const annotation = (name: string): string => `pod-security.kubernetes.io/${name}`;

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

/** Where a workload has what it makes pods of. */
const templates: Readonly<Record<string, (object: ClusterObject) => Template | undefined>> = {
  '/PodTemplate': ({ template }) => template as Template | undefined, // the schema has checked it
  '/ReplicationController': ofSpec,
  'apps/ReplicaSet': ofSpec,
  'apps/Deployment': ofSpec,
  'apps/StatefulSet': ofSpec,
  'apps/DaemonSet': ofSpec,
  'batch/Job': ofSpec,
  'batch/CronJob': ({ spec }) => ofSpec((spec as { jobTemplate?: Record<string, unknown> }).jobTemplate), // as above
};

function ofSpec(object: Readonly<Record<string, unknown>> | undefined): Template | undefined {
  return (object?.['spec'] as { template?: Template } | undefined)?.template; // the schema has checked it
}

/** A pod as the standards see it. */
export function podLike({ metadata, spec }: Template): PodLike {
  return { annotations: metadata?.annotations ?? {}, spec: spec ?? {} };
}

/** A pod hardly changes: only other images, or containers that are let into it, make it another one. */
function isAnotherPod({ object, old }: AdmissionRequest): boolean {
  const images = (pod: ClusterObject | undefined): string =>
    JSON.stringify(containersOf((pod?.spec ?? {}) as PodSpec).map(({ name, image }) => [name, image])); // the schema has checked it
  return images(object) !== images(old);
}

function concerns(request: AdmissionRequest): 'pod' | 'template' | undefined {
  const { target } = request;
  if (isCore(request, 'pods'))
    return isWhole(request) || target.subresource === 'ephemeralcontainers' ? 'pod' : undefined;
  const isWorkload = `${target.kind.group}/${target.kind.kind}` in templates && isWhole(request);
  return isWorkload ? 'template' : undefined;
}

function checkPod(request: AdmissionRequest, pod: PodLike, { enforce }: Policy): void {
  const found = violations(enforce, pod);
  if (found.length === 0) return;
  throw denied(request, `violates PodSecurity ${JSON.stringify(standardText(enforce))}: ${violationText(found)}`);
}

/** Tells of what is not refused. */
function tell(request: AdmissionRequest, pod: PodLike, { audit, warn }: Policy): void {
  const noted = violations(audit, pod);
  if (noted.length > 0) {
    const text = `would violate PodSecurity ${JSON.stringify(standardText(audit))}: ${violationText(noted)}`;
    request.annotate(annotation('audit-violations'), text);
  }
  const found = violations(warn, pod);
  if (found.length === 0) return;
  request.warnings.push(`would violate PodSecurity ${JSON.stringify(standardText(warn))}: ${violationText(found)}`);
}

function isStricter(next: Standard, old: Standard): boolean {
  if (next.level === 'privileged') return false;
  return levels.indexOf(next.level) > levels.indexOf(old.level) || next.version !== old.version;
}

function checkNamespace({ object, old, target, warnings }: AdmissionRequest, storage: Storage): void {
  const labels = object.metadata.labels ?? {};
  const before = old?.metadata.labels ?? {};
  const causes = labelCauses(labels);
  if (causes.length > labelCauses(before).length) throw invalid(target.kind, object.metadata.name, causes);
  if (!old) return;
  const { enforce } = policyOf(labels);
  if (isStricter(enforce, policyOf(before).enforce))
    warnings.push(...existingPodWarnings(storage, object.metadata.name, enforce));
}

function templateOf({ target, object }: AdmissionRequest): Template | undefined {
  return templates[`${target.kind.group}/${target.kind.kind}`]?.(object);
}

function checkTemplate(request: AdmissionRequest, policy: Policy | undefined): void {
  const template = policy && templateOf(request);
  if (template) tell(request, podLike(template), policy);
}

function checkPodRequest(request: AdmissionRequest, policy: Policy | undefined): void {
  request.annotate(annotation('enforce-policy'), standardText(policy?.enforce ?? free));
  if (!policy || (request.operation === 'UPDATE' && !isAnotherPod(request))) return;
  const pod = podLike(request.object);
  checkPod(request, pod, policy);
  tell(request, pod, policy);
}

/** Pods keep to the security standard that their namespace names in its labels. */
export function podSecurity(storage: Storage): AdmissionStep {
  const policyFor = ({ target }: AdmissionRequest): Policy | undefined => {
    const stored = storage.newest({ resource: namespaces, namespace: '', name: target.namespace });
    if (!stored || Object.keys(stored.labels).length === 0) return undefined;
    const policy = policyOf(stored.labels);
    return asksNothing(policy) ? undefined : policy;
  };
  const validate = (request: AdmissionRequest): void => {
    const { operation } = request;
    if (operation !== 'CREATE' && operation !== 'UPDATE') return;
    if (isCore(request, 'namespaces') && isWhole(request)) return checkNamespace(request, storage);
    const what = concerns(request);
    if (what === 'pod') checkPodRequest(request, policyFor(request));
    else if (what === 'template') checkTemplate(request, policyFor(request));
  };
  return { validate };
}
