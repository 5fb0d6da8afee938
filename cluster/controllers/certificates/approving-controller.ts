import { timestamp } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { kubeletClientProblem } from './signer-rules.ts';
import { hasCondition, signingRequests, subjectOf } from './signing-request.ts';
import type { SigningRequest } from './signing-request.ts';

const kubeletSigner = 'kubernetes.io/kube-apiserver-client-kubelet';
const reviews = { group: 'authorization.k8s.io', resource: 'subjectaccessreviews' };

/** Whose requests need nobody to look at them: nodes for themselves, and whoever may make nodes. */
function recognized(request: SigningRequest): readonly { readonly right: string; readonly message: string }[] {
  const { spec } = request;
  const subject = subjectOf(request);
  if (kubeletClientProblem(subject, new Set(spec.usages ?? [])) !== undefined) return [];
  const others = {
    right: 'nodeclient',
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  };
  if (spec.username !== subject.commonName) return [others];
  const own = {
    right: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  };
  return [own, others];
}

async function mayHave(client: ClusterClient, { spec }: SigningRequest, subresource: string): Promise<boolean> {
  const { username: user = '', uid, groups, extra } = spec;
  const review = await client.create(reviews, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: { name: '' },
    spec: {
      user,
      ...(uid && { uid }),
      ...(groups && { groups }),
      ...(extra && { extra }),
      resourceAttributes: { ...signingRequests, verb: 'create', subresource },
    },
  });
  return (review.status as { allowed?: boolean } | undefined)?.allowed ?? false; // a review's answer
}

function isOpen(request: SigningRequest): boolean {
  const isDecided = ['Approved', 'Denied', 'Failed'].some((type) => hasCondition(request, type));
  return request.spec.signerName === kubeletSigner && !isDecided && !request.status?.certificate;
}

/** Approves the requests of nodes for what they need to speak to the API server. */
export function certificateApprovingController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const requests = informers.of<SigningRequest>(signingRequests);
  const approve = async (request: SigningRequest, message: string): Promise<void> => {
    const now = timestamp(clock.now());
    const times = { lastUpdateTime: now, lastTransitionTime: now };
    const approved = { type: 'Approved', status: 'True', reason: 'AutoApproved', message, ...times } as const; // literal types
    const status = { ...request.status, conditions: [...(request.status?.conditions ?? []), approved] };
    requests.observe(await client.update(signingRequests, { ...request, status }, 'approval'));
  };
  const controller = new QueueController(context, {
    name: 'csrapproving',
    reconcile: async (name) => {
      const request = requests.get(undefined, name);
      if (!request || !isOpen(request)) return;
      for (const { right, message } of recognized(request)) {
        if (await mayHave(client, request, right)) return approve(request, message);
      }
    },
  });
  return controller.feed(requests, (request) => (isOpen(request) ? [request.metadata.name] : []));
}
