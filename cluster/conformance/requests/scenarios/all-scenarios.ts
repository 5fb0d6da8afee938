import type { Step } from '../transcript.ts';
import { applies } from './applies.ts';
import { bodies } from './bodies.ts';
import { changes } from './changes.ts';
import { creations } from './creations.ts';
import { customObjects } from './custom-objects.ts';
import { deletions } from './deletions.ts';
import { documents } from './documents.ts';
import { lists } from './lists.ts';
import { customTour } from './tour/custom-tour.ts';
import { tour } from './tour/tour.ts';
import { podsAndServices } from './pods-and-services.ts';
import { strictness } from './strictness.ts';
import { watches } from './watches.ts';

/** What is asked of a server that has nothing in it yet, in this order; each has a recording of its name. */
export const scenarios = {
  tour,
  'custom-tour': customTour,
  bodies,
  creations,
  changes,
  applies,
  lists,
  watches,
  deletions,
  'pods-and-services': podsAndServices,
  'custom-objects': customObjects,
  strictness,
  documents,
} as const satisfies Readonly<Record<string, readonly Step[]>>;
