import { MemoryFiles } from '../files/memory-files.ts';

export interface BaseFilesOf {
  readonly hostname: string;
  /** `host.subdomain.namespace.svc.cluster.local`, if the pod has a subdomain. */
  readonly fullName: string | undefined;
  readonly ip: string;
  readonly namespace: string;
  readonly node: string;
  readonly commandNames: readonly string[];
  readonly now: () => number;
}

const folders = [
  '/bin',
  '/dev',
  '/etc',
  '/home',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/sys',
  '/tmp',
  '/usr/bin',
  '/var/log',
  '/var/run',
];

/** What every simulated container has before its volumes are mounted. */
export function baseFiles(of: BaseFilesOf): MemoryFiles {
  const files = new MemoryFiles(of.now);
  for (const folder of folders) files.makeFolder(folder, true);
  for (const name of of.commandNames) files.write(`/bin/${name}`, `#!simulated ${name}\n`, 0o755);
  const names = of.fullName ? `${of.fullName}\t${of.hostname}` : of.hostname;
  const local = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback';
  const search = `${of.namespace}.svc.cluster.local svc.cluster.local cluster.local`;
  const texts: Record<string, string> = {
    '/etc/hostname': `${of.hostname}\n`,
    '/etc/hosts': `# Kubernetes-managed hosts file.\n${local}\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${of.ip}\t${names}\n`,
    '/etc/resolv.conf': `search ${search}\nnameserver 10.96.0.10\noptions ndots:5\n`,
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
    '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
    '/etc/os-release': `NAME="Simulated container"\nID=simulated\nPRETTY_NAME="Simulated container on ${of.node}"\n`,
    '/dev/termination-log': '',
    '/dev/null': '',
  };
  for (const [path, text] of Object.entries(texts)) files.write(path, text);
  return files;
}
