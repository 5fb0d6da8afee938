import { X509Certificate } from 'node:crypto';
import type { Cause } from '@kit/base';

interface Condition {
  readonly type: string;
}

export interface RequestStatus {
  readonly certificate?: string;
  readonly conditions?: readonly Condition[] | null;
}

const conditionsField = 'status.conditions';
const certificateField = 'status.certificate';
/** What has been said once holds. */
const lasting = ['Approved', 'Denied', 'Failed'];

const invalid = (field: string, message: string): Cause => ({ field, message, reason: 'FieldValueInvalid' });
const forbidden = (field: string, why: string): Cause => ({
  field,
  message: `Forbidden: ${why}`,
  reason: 'FieldValueForbidden',
});

function conditionCauses(next: readonly Condition[], old: readonly Condition[]): Cause[] {
  const types = next.map(({ type }) => type);
  const duplicates = types.flatMap((type, index): Cause[] => {
    if (types.indexOf(type) === index) return [];
    const field = `${conditionsField}[${index}].type`;
    return [{ field, message: `Duplicate value: ${JSON.stringify(type)}`, reason: 'FieldValueDuplicate' }];
  });
  const decisions = types.filter((type) => type === 'Approved' || type === 'Denied');
  const [first, second = first] = [...new Set(decisions)];
  const clash =
    first === second
      ? []
      : [
          invalid(
            conditionsField,
            `Invalid value: ${JSON.stringify(second)}: Approved and Denied conditions are mutually exclusive`,
          ),
        ];
  const removed = lasting
    .filter((type) => old.some((one) => one.type === type) && !types.includes(type))
    .map((type) => forbidden(conditionsField, `updates may not remove a condition of type ${JSON.stringify(type)}`));
  return [...duplicates, ...clash, ...removed];
}

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function certificateProblem(certificate: string): string | undefined {
  const blocks = Buffer.from(certificate, 'base64').toString().match(pemBlock) ?? [];
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  try {
    for (const block of blocks) new X509Certificate(block);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function certificateCauses(next: RequestStatus, old: RequestStatus): Cause[] {
  const { certificate = '' } = next;
  const before = old.certificate ?? '';
  if (certificate === before) return [];
  const problem = certificate === '' ? undefined : certificateProblem(certificate);
  const wrong = problem ? [invalid(certificateField, `Invalid value: "<certificate data>": ${problem}`)] : [];
  const changed = 'updates may not modify existing certificate content';
  return before === '' ? wrong : [...wrong, forbidden(certificateField, changed)];
}

/** What is wrong with a new status of a certificate request. */
export function statusCauses(next: RequestStatus, old: RequestStatus): Cause[] {
  return [...certificateCauses(next, old), ...conditionCauses(next.conditions ?? [], old.conditions ?? [])];
}
