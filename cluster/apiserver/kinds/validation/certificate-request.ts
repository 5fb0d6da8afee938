import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { fieldsIn, optionalText, texts } from '../rules/set-default.ts';
import { eachText, invalid, notSupported, repeated, required } from './cause.ts';
import { dns1123Subdomain } from './format.ts';

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const shortestSeconds = 600;

/** What is wrong with a CertificateSigningRequest. */
export function validateCertificateRequest(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const seconds = spec['expirationSeconds'];
  const tooShort = typeof seconds === 'number' && seconds < shortestSeconds;
  return [
    ...validateRequest(spec['request']),
    ...(texts(spec['usages']).length === 0 ? [required('spec.usages')] : []),
    ...eachText(spec['usages'], 'spec.usages', (usage, path) =>
      usages.includes(usage) ? [] : [notSupported(path, usage, usages)],
    ),
    ...repeated(spec['usages'], 'spec.usages'),
    ...validateSigner(optionalText(spec['signerName'])),
    ...(tooShort
      ? [
          invalid(
            'spec.expirationSeconds',
            seconds,
            `may not specify a duration less than ${shortestSeconds} seconds (10 minutes)`,
          ),
        ]
      : []),
  ];
}

function validateRequest(request: unknown): Cause[] {
  const pem = Buffer.from(optionalText(request), 'base64').toString();
  const block = /-----BEGIN ([^-]+)-----/.exec(pem)?.[1];
  return block === 'CERTIFICATE REQUEST'
    ? []
    : [invalid('spec.request', request ?? null, 'PEM block type must be CERTIFICATE REQUEST')];
}

function validateSigner(name: string): Cause[] {
  const field = 'spec.signerName';
  if (!name) return [required(field)];
  if (name === 'kubernetes.io/legacy-unknown')
    return [invalid(field, name, 'the legacy signerName is not allowed via this API version')];
  const [domain = '', path, ...more] = name.split('/');
  if (path === undefined || more.length > 0)
    return [invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const causes = dns1123Subdomain(domain).map((problem) =>
    invalid(field, domain, `validating label "${domain}": ${problem}`),
  );
  if (causes.length === 0 && domain.split('.').length < 2)
    causes.push(invalid(field, domain, 'should be a domain with at least two segments separated by dots'));
  causes.push(
    ...dns1123Subdomain(path).map((problem) => invalid(field, path, `validating label "${path}": ${problem}`)),
  );
  return causes;
}
