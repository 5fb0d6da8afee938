import { addressTable } from '../libraries/addresses.ts';
import { authorizationTable } from '../libraries/authorization.ts';
import { formatTable } from '../libraries/named-formats.ts';
import { quantityTable } from '../libraries/quantity.ts';
import { semverTable } from '../libraries/semver.ts';
import { urlTable } from '../libraries/urls.ts';
import { conversionTable } from './conversions.ts';
import { functionTable, joinTables, type FunctionTable } from './function-table.ts';
import { listTable } from './lists.ts';
import { operatorTable } from './operators.ts';
import { textTable } from './texts.ts';

/** Every function of Kubernetes 1.36. */
export const kubernetesFunctions: FunctionTable = joinTables(
  operatorTable,
  conversionTable,
  textTable,
  listTable,
  urlTable,
  addressTable,
  quantityTable,
  formatTable,
  semverTable,
  authorizationTable,
);

/** Only where policies make patches. */
export const patchFunctions: FunctionTable = joinTables(
  kubernetesFunctions,
  functionTable([
    [
      'jsonpatch.escapeKey',
      '(string): string',
      (key: string) => key.replace(/[/~]/g, (found) => (found === '/' ? '~1' : '~0')),
    ],
  ]),
);
