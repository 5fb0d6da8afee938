import { cloneJson } from '../schema/clone-json.ts';
import { ApiError } from '@kit/base';
import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { fieldsIn } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';

const maxOperations = 10_000;
const maxCopiedLength = 3 << 20;
const operations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);
const movers = new Set(['move', 'copy']);

/** RFC 6902. Throws `Invalid` when an operation cannot be done or a test fails, `BadRequest` for what is no patch. */
export function jsonPatch(value: JsonObject, patch: Json): JsonObject {
  const checked = check(patch);
  const result = cloneJson(value);
  let copied = 0;
  for (const operation of checked) {
    if (operation.op === 'copy') copied += sizeAt(result, operation.from);
    if (copied > maxCopiedLength)
      throw new ApiError('RequestEntityTooLarge', `the patch copies more than ${maxCopiedLength} characters`);
    const [failed] = applyPatch(result, [operation]);
    if (failed) throw rejected(failed);
  }
  return result;
}

/** The real server does not say more. */
function rejected(cause: Error): ApiError {
  return new ApiError('Invalid', 'the server rejected our request due to an error in our request', {
    details: {},
    cause,
  });
}

/** A value copied into itself doubles each time: a few lines would fill the memory. */
function sizeAt(value: JsonObject, path: string): number {
  return JSON.stringify(Pointer.fromJSON(path).get(value) ?? null).length;
}

function check(patch: Json): Operation[] {
  if (!Array.isArray(patch)) {
    throw new ApiError(
      'BadRequest',
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  }
  if (patch.length > maxOperations) {
    throw new ApiError(
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  for (const [index, operation] of patch.entries()) {
    const problem = operationProblem(fieldsIn(operation));
    if (problem) throw rejected(new Error(`operation ${index} ${problem}`));
  }
  return patch as unknown as Operation[]; // checked above
}

function operationProblem({ op, path, from }: JsonObject): string | undefined {
  const incomplete = 'is not one of RFC 6902 with its fields';
  if (typeof op !== 'string' || !operations.has(op) || typeof path !== 'string') return incomplete;
  if (movers.has(op) && typeof from !== 'string') return incomplete;
  const paths = [path, ...(typeof from === 'string' ? [from] : [])];
  return paths.every(isPointer) ? undefined : 'has a path that is not allowed';
}

/** RFC 6901: nothing, or parts that each begin with a slash; the way to what all objects share is closed. */
function isPointer(path: string): boolean {
  return (path === '' || path.startsWith('/')) && !/\/__proto__(\/|$)|\/constructor\//.test(path);
}
