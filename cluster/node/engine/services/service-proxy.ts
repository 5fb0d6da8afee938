import type { Clock, Logger } from '@kit/base';
import type { Informer } from '../../../reconcile/informer.ts';
import { runCommand } from '../run-command.ts';
import { type EndpointSlice, forwardings, type Service, serviceKeyOf, type Target } from './service-kinds.ts';
import { serviceRules, type RuleSetting } from './service-rules.ts';

export interface ServiceProxyOptions extends RuleSetting {
  readonly clock: Clock;
  readonly log: Logger;
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
  /** Services of this process itself, which have no endpoints: where pods reach them. */
  readonly own: ReadonlyMap<string, Target>;
}

const gatherMs = 50;
const retryMs = 5_000;

/** Lets pods and this machine reach services: rules of the kernel, written anew when a service or its pods change. */
export class ServiceProxy {
  readonly #options: ServiceProxyOptions;
  #written = '';
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ServiceProxyOptions) {
    this.#options = options;
    const { services, slices } = options;
    slices.addIndex('service', (slice) => [serviceKeyOf(slice)]);
    services.onChange(() => this.#soon(gatherMs));
    slices.onChange(() => this.#soon(gatherMs));
  }

  /** Takes all rules away. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#writing;
    if (this.#written === '') return;
    const { table } = this.#options;
    await runCommand('nft', ['delete', 'table', 'ip', table]).catch(() => undefined); // it may be gone
  }

  #soon(delayMs: number): void {
    if (this.#stopped || this.#cancel) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#cancel = undefined;
      this.#writing = this.#writing
        .then(() => this.#write())
        .catch((error: unknown) => {
          this.#options.log.warn('services cannot be reached from pods, trying again', { error });
          this.#soon(retryMs);
        });
    });
  }

  async #write(): Promise<void> {
    const { services, slices, own } = this.#options;
    const all = forwardings([...services.all()], (key) => slices.byIndex('service', key)).map((one) => {
      const target = own.get(one.service.split(':')[0] ?? '');
      return target ? { ...one, targets: [target] } : one;
    });
    const rules = serviceRules(all, this.#options);
    if (rules === this.#written || this.#stopped) return;
    await runCommand('nft', ['-f', '-'], rules);
    this.#written = rules;
  }
}
