import { ApiError } from '@kit/base';
import { applyPatch, type Operation } from 'rfc6902';
import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';

const maxOperations = 10_000;
const operations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/** RFC 6902. Throws `Invalid` when an operation cannot be done or a test fails, `BadRequest` for what is no patch. */
export function jsonPatch(value: JsonObject, patch: Json): JsonObject {
  const checked = check(patch);
  const result = structuredClone(value);
  const failed = applyPatch(result, checked).find((error) => error !== null);
  if (failed) {
    throw new ApiError('Invalid', 'the server rejected our request due to an error in our request', {
      details: {},
      cause: failed,
    });
  }
  return result;
}

function check(patch: Json): Operation[] {
  if (!Array.isArray(patch)) {
    throw new ApiError(
      'BadRequest',
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  if (patch.length > maxOperations) {
    throw new ApiError(
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  for (const [index, operation] of patch.entries()) {
    const { op, path, from } = isObject(operation) ? operation : ({} as JsonObject); // JSON
    const moves = op === 'move' || op === 'copy';
    if (
      typeof op !== 'string' ||
      !operations.has(op) ||
      typeof path !== 'string' ||
      (moves && typeof from !== 'string')
    ) {
      throw new ApiError(
        'BadRequest',
        `error decoding patch: operation ${index} is not one of RFC 6902 with its fields`,
      );
    }
    if (/(^|\/)__proto__(\/|$)/.test(path))
      throw new ApiError('BadRequest', `error decoding patch: operation ${index} has a path that is not allowed`);
  }
  return patch as unknown as Operation[]; // checked above
}
