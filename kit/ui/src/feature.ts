import type { ComponentType } from 'react';
import type { IconName } from './icons/icon.tsx';
import type { Place } from './place/place.ts';
import type { Permission } from './api/can.ts';
import type { Href } from './place/href.ts';
import type { Registration } from './shell/session.tsx';
import type { WhyNotQuestion } from './shell/why-not.ts';
import type { Language, Messages } from './text/messages.ts';

/** One screen of a feature; its file is loaded when somebody goes there. */
export interface ConsolePage {
  /** Unique within the console, e.g. `deployment`. */
  readonly id: string;
  readonly place: Place;
  /** Below the place's own URL, with `$name` for parameters: `deployments/$name`. Empty for the place's front page. */
  readonly path: string;
  readonly load: () => Promise<{ default: ComponentType }>;
  /** Key of the feature's messages; the browser tab's title. */
  readonly title: string;
}

/** One line of the navigation of a place. `page` is the id of one of the feature's pages without parameters of its own. */
export interface NavEntry {
  readonly place: Place;
  readonly page: string;
  /** Key of the feature's messages. */
  readonly label: string;
  readonly icon: IconName;
  readonly order: number;
  /** The entry is shown only to whom this is allowed in the place. */
  readonly needs?: Permission;
}

/** A choice in the place switcher and the command palette. */
export interface PlaceOption {
  readonly href: Href;
  readonly name: string;
  readonly detail?: string;
}

/** Lists the places of one kind that the user may enter, beside the current one. */
export interface PlaceSource {
  readonly place: Exclude<Place, 'platform'>;
  /** The path of the API at which a place of this kind answers whoever may enter it. */
  pathOf(at: { workspace: string; project: string }): string;
  find(search: string, at: { workspace?: string }): Promise<readonly PlaceOption[]>;
}

/** What the shell shows instead of everything else until there is a usable session. */
export interface SessionGate {
  readonly signIn: () => Promise<{ default: ComponentType<SignInProps> }>;
  readonly firstPassword: () => Promise<{ default: ComponentType<{ username: string; onChanged: () => void }> }>;
  /** Where the platform asks for a second factor and the user has none. */
  readonly secondFactor: () => Promise<{ default: ComponentType<{ onChanged: () => void }> }>;
}

export interface SignInProps {
  readonly onSignedIn: () => void;
  /** Whose session ended; the form then stands in a dialog on top of what is open. */
  readonly username?: string;
  /** Of a person whom an identity provider vouches for, and who has no account yet. */
  readonly registration?: Registration;
}

/** All that a feature adds to the console. The shell lists features and knows nothing else about them. */
export interface ConsoleFeature {
  /** Also the namespace of its messages: `defineText('<id>')`. */
  readonly id: string;
  readonly pages: readonly ConsolePage[];
  readonly nav: readonly NavEntry[];
  readonly messages: Readonly<Record<Language, () => Promise<{ messages: Messages }>>>;
  readonly places?: readonly PlaceSource[];
  readonly gate?: SessionGate;
  /** Answers "why can't I?": what is missing, who gives it, and a way to ask for it. */
  readonly whyNot?: () => Promise<{ default: ComponentType<WhyNotQuestion & { readonly onClose: () => void }> }>;
  /** Stands in the header of every page, before the user's own menu. */
  readonly header?: () => Promise<{ default: ComponentType }>;
}
