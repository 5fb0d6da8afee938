import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { optionalText } from '../rules/set-default.ts';
import { invalid, notSupported, required, tooLong } from './cause.ts';
import { dns1123Subdomain } from './format.ts';

/** What is wrong with where a volume comes from. */
export type SourceCheck = (source: JsonObject, field: string) => Cause[];

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** What is wrong with a directory of the node. */
export const validateHostPath: SourceCheck = (source, field) => {
  const path = optionalText(source['path']);
  const type = optionalText(source['type']);
  return [
    ...(path ? [] : [required(`${field}.path`)]),
    ...(path.split('/').includes('..') ? [invalid(`${field}.path`, path, "must not contain '..'")] : []),
    ...(hostPathTypes.includes(type) ? [] : [notSupported(`${field}.type`, type, hostPathTypes)]),
  ];
};

/** What is wrong with a share of an NFS server. */
export const validateNfs: SourceCheck = (source, field) => {
  const path = optionalText(source['path']);
  return [
    ...(source['server'] ? [] : [required(`${field}.server`)]),
    ...(path ? [] : [required(`${field}.path`)]),
    ...(path.startsWith('/') ? [] : [invalid(`${field}.path`, path, 'must be an absolute path')]),
  ];
};

const longestDriverName = 63;

/** What is wrong with the name of a CSI driver. */
export function validateDriverName(name: string, field: string): Cause[] {
  if (!name) return [required(field)];
  return [
    ...(name.length > longestDriverName ? [tooLong(field, longestDriverName)] : []),
    ...dns1123Subdomain(name.toLowerCase()).map((problem) => invalid(field, name, problem)),
  ];
}
