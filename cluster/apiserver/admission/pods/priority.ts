import type { ClusterObject } from '../../../client.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied, isCore, isWhole } from '../denied.ts';
import { isPodCreation } from './pod-request.ts';

interface PrioritySpec {
  priorityClassName?: string;
  priority?: number;
  preemptionPolicy?: string;
}

interface PriorityClass extends ClusterObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

const group = 'scheduling.k8s.io';
const priorityClasses = resourceKey(group, 'priorityclasses');
const usualPolicy = 'PreemptLowerPriority';

/** Classes are few and change rarely: which of them is the default is looked up once a change. */
class PriorityClasses {
  readonly #storage: Storage;
  #default: PriorityClass | undefined;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#findDefault();
    storage.watch(priorityClasses, storage.revision, () => this.#findDefault());
  }

  get usual(): PriorityClass | undefined {
    return this.#default;
  }

  find(name: string): PriorityClass | undefined {
    const stored = this.#storage.newest({ resource: priorityClasses, namespace: '', name });
    return stored?.object() as unknown as PriorityClass | undefined; // the schema has checked it
  }

  /** Of several defaults, which nobody can create but a race, the lowest counts. */
  #findDefault(): void {
    const all = this.#storage.list(priorityClasses).map((version) => version.object() as unknown as PriorityClass); // as above
    const [lowest] = all.filter(({ globalDefault }) => globalDefault).sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
    this.#default = lowest;
  }
}

function checkComputed(
  request: AdmissionRequest,
  spec: PrioritySpec,
  computed: { value: number; policy: string },
): void {
  const { value, policy } = computed;
  const refuse = (what: string, right: string | number): never => {
    const why = `must not be provided in pod spec; priority admission controller computed ${right} from the given PriorityClass name`;
    throw denied(request, `the ${what} ${why}`);
  };
  if ((spec.priority ?? value) !== value) refuse(`integer value of priority (${spec.priority})`, value);
  if ((spec.preemptionPolicy ?? policy) !== policy)
    refuse(`string value of PreemptionPolicy (${spec.preemptionPolicy})`, policy);
}

function admitPod(request: AdmissionRequest, classes: PriorityClasses): void {
  const spec = request.object.spec as PrioritySpec; // the schema has checked it
  const named = spec.priorityClassName;
  const found = named ? classes.find(named) : classes.usual;
  if (named && !found) throw denied(request, `no PriorityClass with name ${named} was found`);
  const { value = 0, preemptionPolicy: policy = usualPolicy } = found ?? {};
  checkComputed(request, spec, { value, policy });
  if (found) spec.priorityClassName = found.metadata.name;
  spec.priority = value;
  spec.preemptionPolicy = policy;
}

/** An update that leaves out what admission has computed keeps it. */
function keepComputed({ object, old }: AdmissionRequest): void {
  const spec = object.spec as PrioritySpec; // as above
  const before = (old?.spec ?? {}) as PrioritySpec; // as above
  if (spec.priority === undefined && before.priority !== undefined) spec.priority = before.priority;
  if (spec.preemptionPolicy === undefined && before.preemptionPolicy !== undefined)
    spec.preemptionPolicy = before.preemptionPolicy;
}

/** A pod has the number and the policy of its priority class; there is one default class at most. */
export function priority(storage: Storage): AdmissionStep {
  const classes = new PriorityClasses(storage);
  return {
    mutate(request) {
      if (isPodCreation(request)) admitPod(request, classes);
      else if (request.operation === 'UPDATE' && isCore(request, 'pods') && isWhole(request)) keepComputed(request);
    },
    validate(request) {
      const { target, operation } = request;
      if (target.kind.group !== group || target.kind.kind !== 'PriorityClass') return;
      if (operation !== 'CREATE' && operation !== 'UPDATE') return;
      const { globalDefault, metadata } = request.object as PriorityClass; // as above
      const { usual } = classes;
      if (!globalDefault || !usual || usual.metadata.name === metadata.name) return;
      const why = `PriorityClass ${usual.metadata.name} is already marked as default. Only one default can exist`;
      throw denied(request, why);
    },
  };
}
