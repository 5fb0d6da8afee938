import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  mapType,
  nullType,
  optionalType,
  readType,
  stringType,
  timestampType,
  typeType,
  uintType,
  type CelType,
} from './cel-type.ts';

const declared = [
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.URL',
  'kubernetes.Semver',
  'kubernetes.NamedFormat',
  'kubernetes.authorization.Authorizer',
  'kubernetes.authorization.PathCheck',
  'kubernetes.authorization.GroupCheck',
  'kubernetes.authorization.ResourceCheck',
  'kubernetes.authorization.Decision',
];

const types: readonly (readonly [name: string, type: CelType])[] = [
  ['bool', boolType],
  ['bytes', bytesType],
  ['double', doubleType],
  ['google.protobuf.Duration', durationType],
  ['google.protobuf.Timestamp', timestampType],
  ['int', intType],
  ['list', listType(dynType)],
  ['map', mapType(dynType, dynType)],
  ['null_type', nullType],
  ['optional_type', optionalType(dynType)],
  ['string', stringType],
  ['type', typeType()],
  ['uint', uintType],
  ...declared.map((name) => [name, readType(name)] as const),
];

/** Names of types are values too: `type(x) == string`. */
export const typeNames: ReadonlyMap<string, CelType> = new Map(types.map(([name, type]) => [name, typeType(type)]));
