import { timestamp } from '@kit/base';
import type { SignCertificate } from '../../apiserver/auth/certificate-signer.ts';
import { QueueController } from '../../reconcile/controller.ts';
import type { MakeController } from '../../reconcile/controller.ts';
import { signerRules } from './signer-rules.ts';
import { hasCondition, requestPem, signingRequests, subjectOf } from './signing-request.ts';
import type { SigningRequest } from './signing-request.ts';

const yearMs = 365 * 86_400_000;

function isWaiting(request: SigningRequest): boolean {
  const isOurs = request.spec.signerName in signerRules;
  const isDecided = hasCondition(request, 'Denied') || hasCondition(request, 'Failed');
  return isOurs && hasCondition(request, 'Approved') && !isDecided && !request.status?.certificate;
}

function problemOf(request: SigningRequest): string | undefined {
  const { signerName, usages = [] } = request.spec;
  return signerRules[signerName]?.(subjectOf(request), new Set(usages));
}

/** Signs approved requests to the cluster's own signers with the cluster's authority. */
export function certificateSigningController(sign: SignCertificate): MakeController {
  return (context) => {
    const { client, clock, informers } = context;
    const requests = informers.of<SigningRequest>(signingRequests);
    const certify = async (request: SigningRequest): Promise<NonNullable<SigningRequest['status']>> => {
      const problem = problemOf(request);
      if (problem !== undefined) {
        const now = timestamp(clock.now());
        const times = { lastUpdateTime: now, lastTransitionTime: now };
        const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: problem } as const; // literal types
        return { ...request.status, conditions: [...(request.status?.conditions ?? []), { ...failed, ...times }] };
      }
      const { usages = [], expirationSeconds } = request.spec;
      const lifetimeMs = expirationSeconds === undefined ? yearMs : Math.min(expirationSeconds * 1000, yearMs);
      const certificate = await sign({ request: requestPem(request), usages, lifetimeMs });
      return { ...request.status, certificate: Buffer.from(certificate).toString('base64') };
    };
    const controller = new QueueController(context, {
      name: 'csrsigning',
      reconcile: async (name) => {
        const request = requests.get(undefined, name);
        if (!request || !isWaiting(request)) return;
        const status = await certify(request);
        requests.observe(await client.update(signingRequests, { ...request, status }, 'status'));
      },
    });
    return controller.feed(requests, (request) => (isWaiting(request) ? [request.metadata.name] : []));
  };
}
