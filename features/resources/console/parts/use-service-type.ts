import type { Service } from '../../rules/workload-types.ts';
import { useText } from '../text.ts';

/** The way a service is reached, in words. */
export function useServiceType(): (service: Service) => string {
  const t = useText();
  return ({ spec }) => {
    const type = spec?.type;
    return t(
      type === 'NodePort' || type === 'LoadBalancer' || type === 'ExternalName'
        ? `service.type.${type}`
        : 'service.type.ClusterIP',
    );
  };
}
