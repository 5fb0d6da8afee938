import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError, isApiError, timestamp } from '@kit/base';
import type { Clock } from '@kit/base';
import { kinds } from '@kit/kube';
import type { KubeClient, KubeObject } from '@kit/kube';
import { renderSVG } from 'uqr';
import { apiVersionOf, fieldManager, iamTypes, labels, systemNamespace } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { isRecoveryCode, newRecoveryCodes, newTotpSecret, totpStep, totpUri } from '../rules/totp.ts';
import type { Tickets } from './tickets.ts';

interface Stored {
  readonly userUid: string;
  readonly secret: string;
  readonly since: string;
  /** The newest step whose code was used: no code is taken twice. */
  readonly lastStep: number;
  /** Keyed digests of the recovery codes that are left. */
  readonly recovery: readonly string[];
}

/** What a user is told of their second factor. */
export interface SecondFactorState {
  readonly enabled: boolean;
  readonly since?: string;
  readonly recoveryCodesLeft?: number;
}

export interface SecondFactorSetup {
  readonly setup: string;
  readonly secret: string;
  readonly uri: string;
  /** A square for the app's camera; made here, so the secret goes nowhere else. */
  readonly svg: string;
}

const platformName = 'Freehold';
const setupLifeMs = 600_000;
const nameOf = (userName: string): string => `freehold-second-factor-${userName}`;

export interface SecondFactorDeps {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly tickets: Tickets;
  /** The platform's own key: recovery codes cannot be tried against what is stored without it. */
  readonly key: Uint8Array;
}

/** Time-based codes (TOTP) of users: Secrets of the platform's namespace, which go with their user. */
export class SecondFactors {
  readonly #deps: SecondFactorDeps;

  constructor(deps: SecondFactorDeps) {
    this.#deps = deps;
  }

  async stateOf(user: UserObject): Promise<SecondFactorState> {
    const found = await this.#read(user);
    if (!found) return { enabled: false };
    return { enabled: true, since: found.value.since, recoveryCodesLeft: found.value.recovery.length };
  }

  /** A secret for the app; nothing changes before a code made with it is shown. */
  async begin(user: UserObject): Promise<SecondFactorSetup> {
    const secret = newTotpSecret();
    const { name, uid } = user.metadata;
    const setup = await this.#deps.tickets.make('totp-setup', { name, uid, secret }, setupLifeMs);
    const uri = totpUri(secret, { account: name, platform: platformName });
    return { setup, secret, uri, svg: renderSVG(uri, { border: 2 }) };
  }

  /** Turns the second factor on, or moves it to another app; answers the recovery codes, this once. */
  async confirm(user: UserObject, setup: string, code: string): Promise<string[]> {
    const { tickets, clock } = this.#deps;
    const begun = await tickets.look<{ name: string; uid: string; secret: string }>('totp-setup', setup);
    if (!begun || begun.uid !== user.metadata.uid)
      throw wrong('setup', 'this set-up is not under way any more; begin again');
    const step = totpStep(begun.secret, code, { nowMs: clock.now() });
    if (step === undefined) throw wrong('code', 'this is not the code that the app shows now');
    await tickets.take('totp-setup', setup);
    const codes = newRecoveryCodes();
    const value: Stored = {
      userUid: user.metadata.uid ?? '',
      secret: begun.secret,
      since: timestamp(clock.now()),
      lastStep: step,
      recovery: codes.map((one) => this.#digest(user, one)),
    };
    const secret = secretOf(user, value);
    await this.#deps.kube.apply(kinds.secrets, secret, { fieldManager, force: true });
    return codes;
  }

  /** Whether the code is the app's of now, or a recovery code that is left; either is used up by it. */
  async verify(user: UserObject, code: string): Promise<boolean> {
    const found = await this.#read(user);
    if (!found) return false;
    const used = this.#use(user, found.value, code.trim());
    if (!used) return false;
    try {
      const data = dataOf(used);
      await this.#deps.kube.update(kinds.secrets, { ...found.object, data }, { fieldManager });
      return true;
    } catch (error) {
      if (isApiError(error, 'Conflict')) return false; // another sign-in used a code at this moment, perhaps this one
      throw error;
    }
  }

  async remove(userName: string): Promise<void> {
    await this.#deps.kube
      .delete(kinds.secrets, { namespace: systemNamespace, name: nameOf(userName) })
      .catch((error: unknown) => {
        if (!isApiError(error, 'NotFound')) throw error;
      });
  }

  #use(user: UserObject, value: Stored, code: string): Stored | undefined {
    if (isRecoveryCode(code)) {
      const digest = Buffer.from(this.#digest(user, code));
      const left = value.recovery.filter((one) => !timingSafeEqual(Buffer.from(one), digest));
      return left.length < value.recovery.length ? { ...value, recovery: left } : undefined;
    }
    const { lastStep, secret } = value;
    const step = totpStep(secret, code.replaceAll(' ', ''), { nowMs: this.#deps.clock.now(), lastStep });
    return step === undefined ? undefined : { ...value, lastStep: step };
  }

  #digest(user: UserObject, code: string): string {
    const plain = code.trim().toLowerCase().replace('-', '');
    return createHmac('sha256', this.#deps.key).update(`recovery\0${user.metadata.uid}\0${plain}`).digest('base64');
  }

  async #read(user: UserObject): Promise<{ readonly object: KubeObject; readonly value: Stored } | undefined> {
    const key = { namespace: systemNamespace, name: nameOf(user.metadata.name) };
    const object = await this.#deps.kube.find(kinds.secrets, key);
    if (!object) return undefined;
    const { factor = '' } = object['data'] as { factor?: string }; // a Secret's data is a map of base64 texts
    const value = JSON.parse(Buffer.from(factor, 'base64').toString('utf8')) as Stored; // written by this class only
    return value.userUid === user.metadata.uid ? { object, value } : undefined;
  }
}

function dataOf(value: Stored): Record<string, string> {
  return { factor: Buffer.from(JSON.stringify(value)).toString('base64') };
}

function secretOf(user: UserObject, value: Stored): KubeObject {
  const { name, uid = '' } = user.metadata;
  const owner = { apiVersion: apiVersionOf(iamTypes.users), kind: iamTypes.users.kind, name, uid };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: nameOf(name),
      namespace: systemNamespace,
      labels: { [labels.userRef]: name },
      ownerReferences: [owner],
    },
    type: 'Opaque',
    data: dataOf(value),
  };
}

function wrong(field: string, message: string): ApiError {
  return new ApiError('BadRequest', message, {
    details: { causes: [{ field, message, reason: 'FieldValueInvalid' }] },
  });
}
