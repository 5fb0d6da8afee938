import { readAll } from '../shell/byte-io.ts';
import type { Command, CommandCall, CommandTable } from '../shell/shell-world.ts';
import { options } from './options.ts';
import { test } from './test-command.ts';

const say =
  (text: (call: CommandCall) => string): Command =>
  async (call) => {
    await call.io.stdout.write(text(call));
    return 0;
  };

const env: Command = async (call) => {
  const { args, io } = call;
  const start = args[0] === '-i' ? 1 : 0;
  const variables = new Map(start === 1 ? [] : call.env);
  let at = start;
  for (; /^\w+=/.test(args[at] ?? ''); at++) {
    const [name = '', ...value] = (args[at] ?? '').split('=');
    variables.set(name, value.join('='));
  }
  if (at < args.length) return call.run(args.slice(at), { env: variables });
  for (const [name, value] of variables) await io.stdout.write(`${name}=${value}\n`);
  return 0;
};

const printenv: Command = async (call) => {
  if (call.args.length === 0) return env(call);
  let missing = false;
  for (const name of call.args) {
    const value = call.env.get(name);
    if (value === undefined) missing = true;
    else await call.io.stdout.write(`${value}\n`);
  }
  return missing ? 1 : 0;
};

const units: Record<string, number> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const sleep: Command = async ({ args, world, signal, io }) => {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?|inf(?:inity)?)([smhd]?)$/.exec(args[0] ?? '') ?? [];
  if (amount === undefined) {
    await io.stderr.write(`sleep: invalid number '${args[0] ?? ''}'\n`);
    return 1;
  }
  const ms = amount.startsWith('inf') ? 2 ** 31 - 1 : Number(amount) * (units[unit] ?? 1_000);
  await world.pause(Math.min(ms, 2 ** 31 - 1), signal);
  return 0;
};

const two = (value: number): string => String(value).padStart(2, '0');
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function formatDate(format: string, nowMs: number): string {
  const at = new Date(nowMs);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const parts: Record<string, string> = {
    Y: String(at.getUTCFullYear()),
    m: two(at.getUTCMonth() + 1),
    d: two(at.getUTCDate()),
    H: two(at.getUTCHours()),
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    s: String(Math.floor(nowMs / 1000)),
    N: `${String(at.getUTCMilliseconds()).padStart(3, '0')}000000`,
    F: day,
    T: time,
    Z: 'UTC',
    z: '+0000',
    a: days[at.getUTCDay()] ?? '',
    b: months[at.getUTCMonth()] ?? '',
    e: String(at.getUTCDate()).padStart(2),
  };
  return format.replace(/%(\w)/g, (whole, letter: string) => parts[letter] ?? whole);
}

const date: Command = async ({ args, world, io }) => {
  const format = args.find((arg) => arg.startsWith('+'))?.slice(1);
  const iso = args.some((arg) => arg.startsWith('-I')) ? '%FT%T%z' : '%a %b %e %T %Z %Y';
  await io.stdout.write(`${formatDate(format ?? iso, world.now())}\n`);
  return 0;
};

const user = (id: number): string => (id === 0 ? 'root' : String(id));

const id: Command = async ({ args, world, io }) => {
  const { flags } = options(args);
  const { userId } = world;
  const full = `uid=${userId}(${user(userId)}) gid=${userId}(${user(userId)}) groups=${userId}(${user(userId)})`;
  const short = flags.has('n') ? user(userId) : String(userId);
  await io.stdout.write(`${flags.has('u') || flags.has('g') ? short : full}\n`);
  return 0;
};

const uname: Command = async ({ args, world, io }) => {
  const { flags } = options(args);
  const fields: [string, string][] = [
    ['s', 'Linux'],
    ['n', world.hostname],
    ['r', '0.0.0-simulated'],
    ['v', '#1 SMP simulated'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const wanted = flags.size === 0 ? new Set(['s']) : flags;
  const shown = fields.filter(([flag]) => wanted.has('a') || wanted.has(flag)).map(([, text]) => text);
  await io.stdout.write(`${shown.join(' ')}\n`);
  return 0;
};

const ps = say(({ world, argv }) => {
  const line = (pid: number, command: string): string =>
    `${String(pid).padStart(5)} ${user(world.userId).padEnd(8)} 0:00 ${command}\n`;
  return `PID   USER     TIME COMMAND\n${line(1, world.mainCommand.join(' ') || '[simulated]')}${line(7, argv.join(' '))}`;
});

const xargs: Command = async (call) => {
  const { values, rest } = options(call.args.slice(0, 2), 'n');
  const size = Number(values.get('n') ?? Infinity);
  const words = (await readAll(call.io.stdin)).toString().split(/\s+/).filter(Boolean);
  const command = values.has('n') ? [...rest, ...call.args.slice(2)] : [...call.args];
  let status = 0;
  for (let at = 0; at < words.length; at += size) {
    const code = await call.run([...(command.length > 0 ? command : ['echo']), ...words.slice(at, at + size)]);
    if (code !== 0) status = 123;
  }
  return status;
};

const timeout: Command = async (call) => {
  const [amount = '', ...command] = call.args;
  const ms = Number.parseFloat(amount) * (units[/[smhd]$/.exec(amount)?.[0] ?? ''] ?? 1_000);
  const over = new AbortController();
  const late = call.world.pause(ms, AbortSignal.any([over.signal, call.signal])).then(() => 143);
  const status = await Promise.race([call.run(command), late]);
  over.abort();
  return status;
};

const which: Command = async ({ args, world, io }) => {
  let missing = false;
  for (const name of args) {
    if (world.files.find(`/bin/${name}`)) await io.stdout.write(`/bin/${name}\n`);
    else missing = true;
  }
  return missing ? 1 : 0;
};

export const systemCommands: CommandTable = {
  env,
  printenv,
  sleep,
  date,
  id,
  uname,
  ps,
  xargs,
  timeout,
  which,
  test,
  '[': test,
  true: () => Promise.resolve(0),
  false: () => Promise.resolve(1),
  pwd: say(({ cwd }) => `${cwd}\n`),
  whoami: say(({ world }) => `${user(world.userId)}\n`),
  hostname: say(({ world }) => `${world.hostname}\n`),
  nproc: say(() => '8\n'),
  sync: () => Promise.resolve(0),
  clear: say(() => '\x1b[H\x1b[2J'),
  arch: say(() => 'x86_64\n'),
};
