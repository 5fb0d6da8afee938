import { createHash } from 'node:crypto';
import { readAll } from '../shell/byte-io.ts';
import type { Command, CommandCall, CommandTable } from '../shell/shell-world.ts';
import { inputFiles, linesOf, textOf } from './input-files.ts';
import { options } from './options.ts';

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\x07', b: '\b', e: '\x1b' };

function unescaped(text: string): string {
  return text.replace(/\\(0[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/g, (whole, code: string) => {
    if (/^0[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    if (/^x[0-9a-fA-F]+$/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return escapes[code] ?? whole;
  });
}

const echo: Command = async ({ args, io }) => {
  let at = 0;
  while (/^-[neE]+$/.test(args[at] ?? '')) at++;
  const flags = args.slice(0, at).join('');
  const text = args.slice(at).join(' ');
  await io.stdout.write((flags.includes('e') ? unescaped(text) : text) + (flags.includes('n') ? '' : '\n'));
  return 0;
};

const directive = /%(?<width>-?\d*)(?:\.(?<precision>\d+))?(?<kind>[sdciuxob%])/g;

function converted(kind: string, arg: string, precision: string | undefined): string {
  const whole = Math.trunc(Number(arg) || 0);
  const texts: Record<string, string> = {
    s: precision ? arg.slice(0, Number(precision)) : arg,
    b: unescaped(arg),
    c: arg.slice(0, 1),
    x: whole.toString(16),
    o: whole.toString(8),
  };
  return texts[kind] ?? String(whole);
}

function formatted(format: string, args: string[]): string {
  return unescaped(format).replace(directive, (...found: unknown[]) => {
    const { width = '', precision, kind = '' } = found.at(-1) as Record<string, string | undefined>; // the named groups come last
    if (kind === '%') return '%';
    const text = converted(kind, args.shift() ?? '', precision);
    const size = Math.abs(Number(width));
    if (width.startsWith('-')) return text.padEnd(size);
    return width.startsWith('0') ? text.padStart(size, '0') : text.padStart(size);
  });
}

const printf: Command = async ({ args, io }) => {
  const [format = '', ...values] = args;
  let left = values.length;
  do {
    left = values.length;
    await io.stdout.write(formatted(format, values));
  } while (values.length > 0 && values.length < left);
  return 0;
};

const cat: Command = async (call) => {
  const { inputs, failed } = await inputFiles(call, options(call.args).rest);
  for (const { input } of inputs)
    for (let chunk = await input.read(); chunk; chunk = await input.read()) await call.io.stdout.write(chunk);
  return failed ? 1 : 0;
};

function lineCount(
  args: readonly string[],
  fallback: number,
): { count: number; from: boolean; bytes: boolean; rest: readonly string[] } {
  const old = args.findIndex((arg) => /^-\d+$/.test(arg));
  const usual = old < 0 ? args : [...args.slice(0, old), '-n', args[old]?.slice(1) ?? '', ...args.slice(old + 1)];
  const { values, rest } = options(usual, 'nc');
  const text = values.get('n') ?? values.get('c') ?? String(fallback);
  return { count: Math.abs(Number(text) || 0), from: text.startsWith('+'), bytes: values.has('c'), rest };
}

const head: Command = async (call) => {
  const { count, bytes, rest } = lineCount(call.args, 10);
  const { inputs, failed } = await inputFiles(call, rest);
  if (bytes) {
    const all = await Promise.all(inputs.map(({ input }) => readAll(input)));
    await call.io.stdout.write(Buffer.concat(all).subarray(0, count));
    return failed ? 1 : 0;
  }
  let printed = 0;
  for await (const { line } of linesOf(inputs)) {
    if (printed++ >= count) break;
    await call.io.stdout.write(`${line}\n`);
  }
  return failed ? 1 : 0;
};

async function follow(call: CommandCall, names: readonly string[]): Promise<number> {
  const { world, path, io, signal } = call;
  let at = names[0] === undefined ? 0 : world.files.read(path(names[0])).length;
  while (!signal.aborted) {
    await world.pause(500, signal);
    const content = names[0] === undefined ? Buffer.alloc(0) : world.files.read(path(names[0]));
    if (content.length < at) at = 0;
    if (content.length > at) await io.stdout.write(content.subarray(at));
    at = content.length;
  }
  return 0;
}

async function printTail(
  call: CommandCall,
  text: string,
  { count, from, bytes }: ReturnType<typeof lineCount>,
): Promise<void> {
  if (bytes) return call.io.stdout.write(Buffer.from(text).subarray(-count));
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const kept = lines.slice(from ? count - 1 : Math.max(0, lines.length - count));
  if (kept.length > 0) await call.io.stdout.write(`${kept.join('\n')}\n`);
}

const tail: Command = async (call) => {
  const isFollow = (arg: string): boolean => /^-[fF]$/.test(arg);
  const follows = call.args.some(isFollow);
  const wanted = lineCount(
    call.args.filter((arg) => !isFollow(arg)),
    10,
  );
  // `tail -f /dev/null`: the idiom for waiting for ever.
  const names = wanted.rest.filter((name) => name !== '/dev/null');
  if (wanted.rest.length > names.length && names.length === 0) return follows ? follow(call, []) : 0;
  const { inputs, failed } = await inputFiles(call, names);
  await printTail(call, await textOf(inputs), wanted);
  if (follows && !failed) return follow(call, names);
  return failed ? 1 : 0;
};

const wc: Command = async (call) => {
  const { flags, rest } = options(call.args);
  const { inputs, failed } = await inputFiles(call, rest);
  const wanted = ['l', 'w', 'c'].filter((flag) => flags.size === 0 || flags.has(flag));
  for (const { name, input } of inputs) {
    const bytes = await readAll(input);
    const text = bytes.toString();
    const counts: Record<string, number> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter(Boolean).length,
      c: bytes.length,
    };
    const numbers = wanted.map((flag) => String(counts[flag]).padStart(wanted.length > 1 ? 9 : 0)).join('');
    await call.io.stdout.write(`${numbers}${rest.length > 0 ? ` ${name}` : ''}\n`);
  }
  return failed ? 1 : 0;
};

const sort: Command = async (call) => {
  const { flags, rest } = options(call.args, 'kt');
  const { inputs, failed } = await inputFiles(call, rest);
  const lines = (await textOf(inputs)).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const by = flags.has('n') ? (a: string, b: string) => Number.parseFloat(a) - Number.parseFloat(b) || 0 : undefined;
  const sorted = lines.sort(by ?? ((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  if (flags.has('r')) sorted.reverse();
  const kept = flags.has('u') ? [...new Set(sorted)] : sorted;
  await call.io.stdout.write(kept.map((line) => `${line}\n`).join(''));
  return failed ? 1 : 0;
};

const uniq: Command = async (call) => {
  const { flags, rest } = options(call.args);
  const { inputs } = await inputFiles(call, rest);
  const groups: { line: string; count: number }[] = [];
  for await (const { line } of linesOf(inputs)) {
    const last = groups.at(-1);
    if (last?.line === line) last.count++;
    else groups.push({ line, count: 1 });
  }
  for (const { line, count } of groups)
    await call.io.stdout.write(flags.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`);
  return 0;
};

function chosenFields(list: string): (index: number) => boolean {
  const ranges = list.split(',').map((one) => one.split('-').map((n) => (n === '' ? undefined : Number(n))));
  return (index) =>
    ranges.some(([from, to], i) => {
      const end = list.split(',')[i]?.includes('-') ? (to ?? Infinity) : from;
      return index >= (from ?? 1) && index <= (end ?? Infinity);
    });
}

const cut: Command = async (call) => {
  const { values, rest } = options(call.args, 'dfc');
  const { inputs, failed } = await inputFiles(call, rest);
  const delimiter = values.has('c') ? '' : (values.get('d') ?? '\t');
  const isChosen = chosenFields(values.get('f') ?? values.get('c') ?? '1');
  for await (const { line } of linesOf(inputs)) {
    const fields = delimiter === '' ? [...line] : line.split(delimiter);
    const kept = fields.length === 1 && delimiter !== '' ? fields : fields.filter((_, i) => isChosen(i + 1));
    await call.io.stdout.write(`${kept.join(delimiter)}\n`);
  }
  return failed ? 1 : 0;
};

function letters(set: string): string[] {
  const named = set
    .replace('[:lower:]', 'a-z')
    .replace('[:upper:]', 'A-Z')
    .replace('[:digit:]', '0-9')
    .replace('[:space:]', ' \t\n');
  return [
    ...unescaped(named).replace(/(.)-(.)/gs, (_whole, from: string, to: string) => {
      const [a, b] = [from.charCodeAt(0), to.charCodeAt(0)];
      return Array.from({ length: Math.max(0, b - a + 1) }, (_, i) => String.fromCharCode(a + i)).join('');
    }),
  ];
}

const tr: Command = async ({ args, io }) => {
  const { flags, rest } = options(args);
  const from = letters(rest[0] ?? '');
  const to = letters(rest[1] ?? '');
  const text = (await readAll(io.stdin)).toString();
  const result = [...text].map((letter) => {
    const at = from.indexOf(letter);
    if (at < 0) return letter;
    return flags.has('d') ? '' : (to[Math.min(at, to.length - 1)] ?? letter);
  });
  await io.stdout.write(result.join(''));
  return 0;
};

const tee: Command = async (call) => {
  const { flags, rest } = options(call.args);
  const { files } = call.world;
  const outputs = rest.map((name) => files.open(call.path(name), { append: flags.has('a') }));
  for (let chunk = await call.io.stdin.read(); chunk; chunk = await call.io.stdin.read()) {
    for (const output of outputs) files.append(output, chunk);
    await call.io.stdout.write(chunk);
  }
  return 0;
};

const seq: Command = async ({ args, io }) => {
  const numbers = args.map(Number);
  const [first = 1, step = 1, last = 0] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  for (let n = first; step > 0 ? n <= last : n >= last; n += step || 1) await io.stdout.write(`${n}\n`);
  return 0;
};

const base64: Command = async (call) => {
  const { flags, rest } = options(call.args, 'w');
  const { inputs, failed } = await inputFiles(call, rest);
  const bytes = Buffer.concat(await Promise.all(inputs.map(({ input }) => readAll(input))));
  if (flags.has('d')) await call.io.stdout.write(Buffer.from(bytes.toString(), 'base64'));
  else await call.io.stdout.write(`${bytes.toString('base64').replace(/(.{76})(?=.)/g, '$1\n')}\n`);
  return failed ? 1 : 0;
};

const sum =
  (algorithm: string): Command =>
  async (call) => {
    const { inputs, failed } = await inputFiles(call, options(call.args).rest);
    for (const { name, input } of inputs) {
      const digest = createHash(algorithm)
        .update(await readAll(input))
        .digest('hex');
      await call.io.stdout.write(`${digest}  ${name}\n`);
    }
    return failed ? 1 : 0;
  };

export const textCommands: CommandTable = {
  echo,
  printf,
  cat,
  head,
  tail,
  wc,
  sort,
  uniq,
  cut,
  tr,
  tee,
  seq,
  base64,
  md5sum: sum('md5'),
  sha1sum: sum('sha1'),
  sha256sum: sum('sha256'),
};
