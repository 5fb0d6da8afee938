import type { Step } from '../../transcript.ts';
import { appliesAndLists } from './applies-and-lists.ts';
import { changesAndPatches } from './changes-and-patches.ts';
import { definitionsAndDocuments } from './definitions-and-documents.ts';
import { firstRequests } from './first-requests.ts';
import { podsAndReviews } from './pods-and-reviews.ts';
import { watchesAndDeletions } from './watches-and-deletions.ts';

/** 240 requests through the whole API of the built-in kinds, and of one that is defined on the way. */
export const tour: readonly Step[] = [
  ...firstRequests,
  ...changesAndPatches,
  ...appliesAndLists,
  ...watchesAndDeletions,
  ...podsAndReviews,
  ...definitionsAndDocuments,
];
