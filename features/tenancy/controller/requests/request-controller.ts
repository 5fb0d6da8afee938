import { iamTypes, type UserObject } from '@feature/iam/contract';
import { isApiError } from '@kit/base';
import { defineController, done, waiting, type Controller, type Step } from '@kit/reconcile';
import type { Views } from '@kit/kube';
import { accessRequestType as type, type AccessRequest } from '../../contract/index.ts';
import { bindingFor, placeTypes } from '../../rules/request-binding.ts';
import { fieldOwner, type TenancyControllerDeps } from '../ports.ts';

type RequestStep = Step<AccessRequest, TenancyControllerDeps>;

const dayMs = 86_400_000;
/** How long a decided request stays as history. */
const keptMs = 180 * dayMs;
const longestSeconds = 3600;

/** A request of a user who is gone goes too: whoever comes under that name has asked for nothing. */
const endOfUser: RequestStep = async ({ metadata, spec }, { kube, views }) => {
  const users = views.of<UserObject>(iamTypes.users);
  if (!users.synced || users.get('', spec.user)?.uid === spec.userUid) return done;
  const account = await kube.find(iamTypes.users, { name: spec.user });
  if (account?.metadata.uid === spec.userUid) return done;
  await kube.delete(type, { name: metadata.name });
  return waiting(`user/${spec.user}`, longestSeconds);
};

/** An approved request becomes its binding, once: whoever takes that off again has the last word. */
const grant: RequestStep = async (request, { kube }) => {
  const { status, spec } = request;
  if (status?.phase !== 'Approved' || status.binding !== undefined) return done;
  const binding = bindingFor(request);
  await kube.create(placeTypes(spec).binding, binding).catch((error: unknown) => {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  });
  const granted = { ...request, status: { ...status, binding: binding.metadata.name } };
  await kube.update<AccessRequest>(type, granted, { subresource: 'status', fieldManager: fieldOwner });
  return waiting(`accessrequest/${request.metadata.name}`, 1); // this write runs the steps again
};

/** What was given for a time ends. */
const expire: RequestStep = async (request, { kube, clock }) => {
  const { status, spec } = request;
  if (status?.phase !== 'Approved' || status.expiresAt === undefined) return done;
  const leftMs = Date.parse(status.expiresAt) - clock.now();
  if (leftMs > 0) return waiting('its end', Math.min(Math.ceil(leftMs / 1000), longestSeconds));
  const key = spec.namespace === undefined ? {} : { namespace: spec.namespace };
  await kube
    .delete(placeTypes(spec).binding, { ...key, name: bindingFor(request).metadata.name })
    .catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  const expired: AccessRequest = { ...request, status: { ...status, phase: 'Expired' } };
  await kube.update<AccessRequest>(type, expired, { subresource: 'status', fieldManager: fieldOwner });
  return done;
};

/** Old history goes; a role given for good stays, with its binding. */
const forget: RequestStep = async ({ metadata, status }, { kube, clock }) => {
  if (!status?.decidedAt) return done;
  const leftMs = Date.parse(status.decidedAt) + keptMs - clock.now();
  if (leftMs > 0) return waiting('history', longestSeconds);
  await kube.delete(type, { name: metadata.name });
  return done;
};

/** Makes of approved requests bindings, and ends those that were given for a time. */
export function requestController(views: Views): Controller<AccessRequest, TenancyControllerDeps> {
  const requests = views.of<AccessRequest>(type);
  return defineController<AccessRequest, TenancyControllerDeps>({
    name: 'access-request',
    type,
    watches: [
      {
        type: iamTypes.users,
        map: ({ name }) =>
          [...requests.rows()].filter((row) => row.object().spec.user === name).map((row) => ({ name: row.name })),
      },
    ],
    steps: [endOfUser, grant, expire, forget],
    fieldOwner,
  });
}
