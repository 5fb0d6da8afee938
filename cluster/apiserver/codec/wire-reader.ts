import { ApiError } from '@kit/base';

export type WireValue =
  | { readonly type: 'varint'; readonly value: bigint }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'fixed'; readonly value: Uint8Array };

export interface WireField {
  readonly number: number;
  readonly value: WireValue;
}

const maxFieldNumber = 2 ** 29;

/** The fields of one protobuf message, in the order they were written. Throws `BadRequest` for bytes that are none. */
export function* wireFields(bytes: Uint8Array): Iterable<WireField> {
  let position = 0;
  const fail = (): never => {
    throw new ApiError(
      'BadRequest',
      'the protobuf body ends in the middle of a field or has a wire type that is not used',
    );
  };
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[position++] ?? fail();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    return fail();
  };
  const take = (length: number): Uint8Array => {
    if (position + length > bytes.length) fail();
    position += length;
    return bytes.subarray(position - length, position);
  };
  const read = (wireType: number): WireValue => {
    if (wireType === 0) return { type: 'varint', value: varint() };
    if (wireType === 1) return { type: 'fixed', value: take(8) };
    if (wireType === 5) return { type: 'fixed', value: take(4) };
    return wireType === 2 ? { type: 'bytes', value: take(Number(varint())) } : fail();
  };
  while (position < bytes.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    if (number < 1 || number >= maxFieldNumber) fail();
    yield { number, value: read(key % 8) };
  }
}
