import { isApiError } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import type { Informer } from '../reconcile/informer.ts';
import { refs } from '../reconcile/resource-refs.ts';

interface Service extends ClusterObject {
  readonly spec?: { readonly clusterIPs?: readonly string[] };
}

interface IpAddress extends ClusterObject {
  readonly spec?: { readonly parentRef?: { readonly namespace?: string; readonly name?: string } };
}

const managedBy = 'ipaddress.kubernetes.io/managed-by';
const allocator = 'ipallocator.k8s.io';
const byAddress = 'cluster ip';

const addressesOf = ({ spec }: Service): string[] => (spec?.clusterIPs ?? []).filter((ip) => ip !== 'None');

function addressFor(ip: string, { metadata }: Service): ClusterObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: {
      name: ip,
      labels: { 'ipaddress.kubernetes.io/ip-family': ip.includes(':') ? 'IPv6' : 'IPv4', [managedBy]: allocator },
    },
    spec: { parentRef: { resource: 'services', namespace: metadata.namespace, name: metadata.name } },
  };
}

/** Keeps an IPAddress for each cluster IP of each Service, as the allocator of a real API server does. */
export function serviceAddressController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const services: Informer<Service> = informers.of<Service>(refs.services).addIndex(byAddress, addressesOf);
  const addresses = informers.of<IpAddress>(refs.ipAddresses);
  const controller = new QueueController(context, {
    name: 'service-address',
    reconcile: async (ip) => {
      const [service] = services.byIndex(byAddress, ip);
      const address = addresses.get(undefined, ip);
      if (address && belongsTo(address, service)) return;
      if (address) {
        await client.delete(refs.ipAddresses, undefined, ip, { uid: address.metadata.uid ?? '' }).catch(unlessGone);
        return service && 'again';
      }
      if (service) addresses.observe(await client.create(refs.ipAddresses, addressFor(ip, service)));
    },
  });
  controller.feed(services, addressesOf);
  return controller.feed(addresses, ({ metadata }) => [metadata.name]);
}

function unlessGone(error: unknown): void {
  if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
}

/** Addresses that others have written down are theirs to take away. */
function belongsTo({ metadata, spec }: IpAddress, service: Service | undefined): boolean {
  if (metadata.labels?.[managedBy] !== allocator) return true;
  const { namespace, name } = spec?.parentRef ?? {};
  return service !== undefined && service.metadata.namespace === namespace && service.metadata.name === name;
}
