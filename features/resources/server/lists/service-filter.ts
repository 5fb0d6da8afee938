import { kinds, type Views } from '@kit/kube';
import type { Filter } from '@kit/kube/listing';

type Selector = Readonly<Record<string, string>>;

/**
 * `serviceName`: the pods a service selects. Without a namespace in the path the service is looked for in each pod's
 * own; a service without a selector, or one that is not there, selects none.
 */
export function serviceFilter(views: Views, namespace: string | undefined): Filter {
  return (value) => {
    const services = views.of(kinds.services);
    const selectors = new Map<string, Selector | undefined>();
    const selectorIn = (place: string): Selector | undefined => {
      if (!selectors.has(place)) {
        const spec = services.get(place, value)?.object().spec as { selector?: Selector } | undefined; // cast: the view is of services
        selectors.set(place, spec?.selector);
      }
      return selectors.get(place);
    };
    return (row) => {
      const wanted = Object.entries(selectorIn(namespace ?? row.namespace) ?? {});
      return wanted.length > 0 && wanted.every(([key, text]) => row.labels[key] === text);
    };
  };
}
