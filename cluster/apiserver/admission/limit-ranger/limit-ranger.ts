import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { deniedForAll, isCore, isWhole } from '../denied.ts';
import { claimProblems, podProblems } from './check-limits.ts';
import { defaultContainers } from './container-defaults.ts';
import type { LimitItem, LimitRange } from './limit-range.ts';

const limitRanges = resourceKey('', 'limitranges');

/** A pod's resources change only through `resize`; a claim may grow at any time. */
function isLimited(request: AdmissionRequest): boolean {
  const { operation, target } = request;
  const isPod = isCore(request, 'pods');
  if (!isPod && !isCore(request, 'persistentvolumeclaims')) return false;
  if (operation === 'CREATE') return isWhole(request);
  if (operation !== 'UPDATE' || isGoing(request)) return false;
  return isPod ? target.subresource === 'resize' : isWhole(request);
}

function isGoing({ object, old }: AdmissionRequest): boolean {
  return (old ?? object).metadata.deletionTimestamp !== undefined;
}

/** Pods and claims keep to the limits of their namespace; containers that name none get the usual ones. */
export function limitRanger(storage: Storage): AdmissionStep {
  const itemsFor = (request: AdmissionRequest): (readonly LimitItem[])[] => {
    if (!isLimited(request)) return [];
    const versions = storage.list(limitRanges, { namespace: request.target.namespace });
    return versions.map((version) => (version.object() as unknown as LimitRange).spec?.limits ?? []); // the schema has checked it
  };
  return {
    mutate(request) {
      const isPod = isCore(request, 'pods');
      for (const items of itemsFor(request)) if (isPod) defaultContainers(request.object, items);
    },
    validate(request) {
      for (const items of itemsFor(request)) {
        const problems = isCore(request, 'pods')
          ? podProblems(request.object, items)
          : claimProblems(request.object, items);
        if (problems.length > 0) throw deniedForAll(request, problems);
      }
    },
  };
}
