import type { Attributes, Authorizer, Decision } from '../../auth/attributes.ts';
import { dns1123Label, dns1123Subdomain } from '../../kinds/validation/format.ts';
import type { Caller } from '../../store/write-request.ts';
import { functionTable, type FunctionTable } from '../functions/function-table.ts';
import { readType, type CelType } from '../types/cel-type.ts';
import { CelError, type OpaqueValue, type Value } from '../values/value.ts';

const prefix = 'kubernetes.authorization.';

abstract class Check implements OpaqueValue {
  abstract readonly celType: CelType;
  equals(other: Value): boolean {
    return other === this;
  }
}

/** Who asks whom. */
interface Asking {
  readonly caller: Caller;
  readonly authorizer: Authorizer;
}

class AuthorizerValue extends Check {
  readonly celType = readType(`${prefix}Authorizer`);
  readonly asking: Asking;
  constructor(asking: Asking) {
    super();
    this.asking = asking;
  }
}

class PathCheck extends Check {
  readonly celType = readType(`${prefix}PathCheck`);
  readonly asking: Asking;
  readonly path: string;
  constructor(asking: Asking, path: string) {
    super();
    this.asking = asking;
    this.path = path;
  }
}

class GroupCheck extends Check {
  readonly celType = readType(`${prefix}GroupCheck`);
  readonly asking: Asking;
  readonly group: string;
  constructor(asking: Asking, group: string) {
    super();
    this.asking = asking;
    this.group = group;
  }
}

/** What is asked about, but for the verb. */
export interface CheckedResource {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

class ResourceCheck extends Check {
  readonly celType = readType(`${prefix}ResourceCheck`);
  readonly asking: Asking;
  readonly about: CheckedResource;
  constructor(asking: Asking, about: CheckedResource) {
    super();
    this.asking = asking;
    this.about = about;
  }
  with(change: Partial<CheckedResource>): ResourceCheck {
    return new ResourceCheck(this.asking, { ...this.about, ...change });
  }
}

class DecisionValue extends Check {
  readonly celType = readType(`${prefix}Decision`);
  readonly decision: Decision;
  constructor(decision: Decision) {
    super();
    this.decision = decision;
  }
}

/** The variable `authorizer`: may the caller do this? */
export function authorizerValue(asking: Asking): Value {
  return new AuthorizerValue(asking);
}

/** The variable `authorizer.requestResource`: the resource of the request itself. */
export function resourceCheckValue(asking: Asking, about: CheckedResource): Value {
  return new ResourceCheck(asking, about);
}

function decide({ caller, authorizer }: Asking, attributes: Attributes): DecisionValue {
  return new DecisionValue(authorizer.decide(caller, attributes));
}

function nonEmpty(text: string, name: string): string {
  if (text.trim() === '') throw new CelError(`${name} must not be empty`);
  return text;
}

function serviceAccount({ asking }: AuthorizerValue, namespace: string, name: string): AuthorizerValue {
  if (dns1123Subdomain(name).length > 0) throw new CelError('Invalid service account name');
  if (dns1123Label(namespace).length > 0) throw new CelError('Invalid service account namespace');
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return new AuthorizerValue({ ...asking, caller: { name: `system:serviceaccount:${namespace}:${name}`, groups } });
}

const [asker, path, group, resource, decision] = [
  'Authorizer',
  'PathCheck',
  'GroupCheck',
  'ResourceCheck',
  'Decision',
].map((name) => prefix + name);

/** Questions to the authorizer. Selectors are taken in: the rules of this server grant without regard to them. */
export const authorizationTable: FunctionTable = functionTable([
  ['path', `${asker}.(string): ${path}`, (it: AuthorizerValue, text: string) => new PathCheck(it.asking, nonEmpty(text, 'path'))], // prettier-ignore
  ['group', `${asker}.(string): ${group}`, (it: AuthorizerValue, name: string) => new GroupCheck(it.asking, name)],
  ['serviceAccount', `${asker}.(string, string): ${asker}`, serviceAccount],
  [
    'resource',
    `${group}.(string): ${resource}`,
    (it: GroupCheck, name: string) =>
      new ResourceCheck(it.asking, {
        group: it.group,
        resource: nonEmpty(name, 'resource'),
        subresource: '',
        namespace: '',
        name: '',
      }),
  ],
  [
    'subresource',
    `${resource}.(string): ${resource}`,
    (it: ResourceCheck, subresource: string) => it.with({ subresource }),
  ],
  ['namespace', `${resource}.(string): ${resource}`, (it: ResourceCheck, namespace: string) => it.with({ namespace })],
  ['name', `${resource}.(string): ${resource}`, (it: ResourceCheck, name: string) => it.with({ name })],
  ['fieldSelector', `${resource}.(string): ${resource}`, (it: ResourceCheck) => it],
  ['labelSelector', `${resource}.(string): ${resource}`, (it: ResourceCheck) => it],
  [
    'check',
    `${path}.(string): ${decision}`,
    (it: PathCheck, verb: string) => decide(it.asking, { verb, path: it.path }),
  ],
  ['check', `${resource}.(string): ${decision}`, (it: ResourceCheck, verb: string) => decide(it.asking, { verb, ...it.about })], // prettier-ignore
  ['errored', `${decision}.(): bool`, () => false],
  ['error', `${decision}.(): string`, () => ''],
  ['allowed', `${decision}.(): bool`, (it: DecisionValue) => it.decision.allowed],
  ['reason', `${decision}.(): string`, (it: DecisionValue) => it.decision.reason ?? ''],
]);
