import type { SentHeaders } from '../../api-access.ts';
import { podSpec } from '../probe-objects.ts';

/** The namespace of the tour. */
export const space = 'difft';
export const core = `/api/v1/namespaces/${space}`;
export const maps = `${core}/configmaps`;
export const deployments = `/apis/apps/v1/namespaces/${space}/deployments`;
export const otherUid = '11111111-1111-1111-1111-111111111111';

export const asMetadata: SentHeaders = {
  accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
};
export const asMetadataList: SentHeaders = {
  accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
};

/** A deployment without pods, with whatever else a probe wants in its spec. */
export const deployment = (name: string, more: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: name } },
    template: { metadata: { labels: { a: name } }, spec: podSpec },
    ...more,
  },
});
