import { posix } from 'node:path';
import {
  type AndOr,
  type Case,
  type Command as CommandNode,
  type CompoundList,
  type For,
  type If,
  parse,
  type ParsedScript,
  type Pipeline,
  type Statement,
  type SyntaxNode,
  type While,
} from 'unbash';
import { FileError } from '../files/file-error.ts';
import { arithmetic } from './arithmetic.ts';
import { builtins } from './builtins.ts';
import { CollectedOutput, emptyInput, Pipe, PipeClosed } from './byte-io.ts';
import { expandText, expandWord, type ExpandSetting } from './expand.ts';
import { matchesPattern } from './pattern.ts';
import { redirected } from './redirects.ts';
import { copyOf, exportedOf, ShellExit, ShellJump, type ShellState, shellState } from './shell-state.ts';
import type { CommandTable, ShellIo, ShellWorld } from './shell-world.ts';

export interface ShellSetting {
  readonly world: ShellWorld;
  /** What is in `/bin`. */
  readonly commands: CommandTable;
  readonly signal: AbortSignal;
}

const deepest = 200;

/** Runs scripts of a POSIX shell in a container that is only memory. */
export class Shell {
  readonly state: ShellState;
  readonly #setting: ShellSetting;

  constructor(setting: ShellSetting, state: ShellState) {
    this.#setting = setting;
    this.state = state;
  }

  /** Runs a text; answers its exit status, and tells when an `exit` was the end. A syntax error is said, with status 2. */
  async run(script: string, io: ShellIo, onExit?: (status: number) => void): Promise<number> {
    try {
      return await this.#evaluate(script, io);
    } catch (error) {
      if (error instanceof ShellJump) return this.state.lastStatus;
      if (error instanceof PipeClosed) return 141;
      if (!(error instanceof ShellExit)) throw error;
      if (error.message) await io.stderr.write(`sh: ${error.message}\n`);
      else onExit?.(error.status);
      return error.status;
    }
  }

  /** Runs a command line that is words already. */
  async execute(argv: readonly string[], io: ShellIo, env = exportedOf(this.state)): Promise<number> {
    const [written = ''] = argv;
    const name = commandName(this.#setting.world, this.state.cwd, written);
    const command = name === undefined ? undefined : this.#setting.commands[name];
    if (!command) {
      const missing = written.includes('/') ? 'No such file or directory' : 'not found';
      await io.stderr.write(`sh: ${written}: ${missing}\n`);
      return 127;
    }
    const { world, signal } = this.#setting;
    const { cwd } = this.state;
    return guarded(written, io, () =>
      command({
        argv,
        args: argv.slice(1),
        world,
        io,
        env,
        cwd,
        signal,
        path: (path) => posix.resolve(cwd, path),
        run: (words, changes = {}) => this.#inner(changes.env ?? env, ['sh']).execute(words, changes.io ?? io),
        script: (text, positional, letters) => {
          const inner = this.#inner(env, positional);
          for (const letter of letters) inner.state.options.add(letter);
          return inner.run(text, io);
        },
      }),
    );
  }

  /** A shell of its own, as a new process has one. */
  #inner(env: ReadonlyMap<string, string>, positional: readonly string[]): Shell {
    return new Shell(this.#setting, { ...shellState(env, this.state.cwd, positional), depth: this.#deeper() });
  }

  async #evaluate(script: string, io: ShellIo): Promise<number> {
    const parsed = parse(script);
    const [error] = parsed.errors ?? [];
    if (error) throw new ShellExit(2, `syntax error: ${error.message}`);
    return this.#statements(parsed.commands, io);
  }

  async #statements(statements: readonly Statement[], io: ShellIo): Promise<number> {
    for (const statement of statements) {
      this.#setting.signal.throwIfAborted();
      await this.#statement(statement, io);
    }
    return this.state.lastStatus;
  }

  async #statement({ command, background }: Statement, io: ShellIo): Promise<void> {
    if (!background) {
      await this.#node(command, io);
      return;
    }
    const inBackground = new Shell(this.#setting, copyOf(this.state));
    void inBackground.#settled(command, { ...io, stdin: emptyInput });
    this.state.lastStatus = 0;
  }

  /** Runs a node as a subshell does: `exit` ends only this. */
  async #settled(node: SyntaxNode, io: ShellIo): Promise<number> {
    try {
      return await this.#node(node, io);
    } catch (error) {
      if (error instanceof ShellExit) {
        if (error.message) await io.stderr.write(`sh: ${error.message}\n`);
        return error.status;
      }
      if (error instanceof PipeClosed) return 141;
      if (error instanceof ShellJump || this.#setting.signal.aborted) return this.state.lastStatus;
      throw error;
    }
  }

  async #node(node: SyntaxNode, io: ShellIo): Promise<number> {
    const status = await this.#dispatch(node, io);
    this.state.lastStatus = status;
    return status;
  }

  #dispatch(node: SyntaxNode, io: ShellIo): Promise<number> {
    const handlers: Partial<Record<SyntaxNode['type'], (node: never) => Promise<number>>> = {
      Command: (one: CommandNode) => this.#command(one, io),
      Pipeline: (one: Pipeline) => this.#pipeline(one, io),
      AndOr: (one: AndOr) => this.#andOr(one, io),
      If: (one: If) => this.#if(one, io),
      For: (one: For) => this.#for(one, io),
      While: (one: While) => this.#while(one, io),
      Case: (one: Case) => this.#case(one, io),
    };
    const handle = handlers[node.type];
    return handle ? handle(node as never) : this.#other(node, io); // the handler was found by the type of this very node
  }

  async #other(node: SyntaxNode, io: ShellIo): Promise<number> {
    switch (node.type) {
      case 'CompoundList':
        return this.#statements(node.commands, io);
      case 'BraceGroup':
        return this.#statements(node.body.commands, io);
      case 'Subshell':
        return new Shell(this.#setting, copyOf(this.state)).#settled(node.body, io);
      case 'Redirected':
        return guarded('sh', io, async () =>
          this.#node(node.command, await redirected(io, node.redirects, this.#expansion(io))),
        );
      case 'Function':
        this.state.functions.set(node.name.value, node.body);
        return 0;
      case 'ArithmeticCommand':
        return node.expression && arithmetic(node.expression, this.state) !== 0 ? 0 : 1;
      default:
        throw new ShellExit(2, 'this simulated shell does not know the syntax');
    }
  }

  async #command(node: CommandNode, io: ShellIo): Promise<number> {
    const setting = this.#expansion(io);
    const words = await commandWords(node, setting);
    const assigned = await this.#assignments(node, setting);
    if (this.state.options.has('x') && words.length > 0) await io.stderr.write(`+ ${words.join(' ')}\n`);
    const status = await guarded(words[0] ?? 'sh', io, async () =>
      this.#words(words, assigned, await redirected(io, node.redirects, setting)),
    );
    if (status !== 0 && this.state.options.has('e')) throw new ShellExit(status);
    return status;
  }

  async #assignments(node: CommandNode, setting: ExpandSetting): Promise<Map<string, string>> {
    const assigned = new Map<string, string>();
    for (const prefix of node.prefix) {
      if (prefix.type !== 'Assignment' || prefix.value.type !== 'Word') continue;
      const before = prefix.append ? (this.state.variables.get(prefix.name) ?? '') : '';
      const value = before + (await expandText(prefix.value, setting));
      assigned.set(prefix.name, value);
      // Without a command they stay, and the next one may use them.
      if (!node.name) this.state.variables.set(prefix.name, value);
    }
    return assigned;
  }

  async #words(words: readonly string[], assigned: ReadonlyMap<string, string>, io: ShellIo): Promise<number> {
    const [name] = words;
    if (name === undefined) return assigned.size > 0 ? 0 : this.state.lastStatus;
    const body = this.state.functions.get(name);
    const builtin = builtins[name];
    if (!body && !builtin && name !== 'exec')
      return this.execute(words, io, new Map([...exportedOf(this.state), ...assigned]));
    for (const [key, value] of assigned) this.state.variables.set(key, value);
    if (body) return this.#call(body, words, io);
    if (!builtin) return this.#replace(words.slice(1), io);
    const evaluate = (script: string): Promise<number> => this.#evaluate(script, io);
    return builtin({ args: words.slice(1), state: this.state, io, world: this.#setting.world, evaluate });
  }

  async #replace(words: readonly string[], io: ShellIo): Promise<number> {
    if (words.length === 0) return 0;
    throw new ShellExit(await this.execute(words, io));
  }

  async #call(body: SyntaxNode, words: readonly string[], io: ShellIo): Promise<number> {
    const { positional, depth } = this.state;
    this.state.depth = this.#deeper();
    this.state.positional = words;
    try {
      return await this.#node(body, io);
    } catch (error) {
      if (error instanceof ShellJump && error.to === 'return') return this.state.lastStatus;
      throw error;
    } finally {
      Object.assign(this.state, { positional, depth });
    }
  }

  #deeper(): number {
    if (this.state.depth >= deepest) throw new ShellExit(2, 'too many commands inside one another');
    return this.state.depth + 1;
  }

  async #pipeline({ commands: nodes, operators, prefixes }: Pipeline, io: ShellIo): Promise<number> {
    const isNegated = prefixes.some(({ type }) => type === 'Negation');
    const status =
      nodes.length === 1 && nodes[0] ? await this.#node(nodes[0], io) : await this.#piped(nodes, operators, io);
    return isNegated ? Number(status === 0) : status;
  }

  async #piped(nodes: Pipeline['commands'], operators: Pipeline['operators'], io: ShellIo): Promise<number> {
    const pipes = operators.map(() => new Pipe());
    const runs = nodes.map(async (node, i) => {
      const [from, to] = [pipes[i - 1], pipes[i]];
      const stderr = to && operators[i] === '|&' ? to : io.stderr;
      const own: ShellIo = { stdin: from ?? io.stdin, stdout: to ?? io.stdout, stderr };
      try {
        return await new Shell(this.#setting, copyOf(this.state)).#settled(node, own);
      } finally {
        to?.end();
        from?.closeReader();
      }
    });
    const statuses = await Promise.all(runs);
    return statuses.at(-1) ?? 0;
  }

  async #andOr({ commands: nodes, operators }: AndOr, io: ShellIo): Promise<number> {
    let status = 0;
    for (const [i, node] of nodes.entries()) {
      const operator = operators[i - 1];
      if ((operator === '&&' && status !== 0) || (operator === '||' && status === 0)) continue;
      status = i < nodes.length - 1 ? await this.#asCondition(node, io) : await this.#node(node, io);
    }
    return status;
  }

  /** A failure here is a question, not a failure: `set -e` does not end the script. */
  async #asCondition(node: SyntaxNode, io: ShellIo): Promise<number> {
    const wasStrict = this.state.options.delete('e');
    try {
      return await this.#node(node, io);
    } finally {
      if (wasStrict) this.state.options.add('e');
    }
  }

  async #if(node: If, io: ShellIo): Promise<number> {
    for (const { clause, then } of [node, ...node.elif]) {
      if ((await this.#asCondition(clause, io)) === 0) return this.#statements(then.commands, io);
    }
    return node.else ? this.#statements(node.else.commands, io) : 0;
  }

  async #for({ name, wordlist, body }: For, io: ShellIo): Promise<number> {
    const setting = this.#expansion(io);
    const values: string[] = wordlist ? [] : [...this.state.positional.slice(1)];
    for (const word of wordlist ?? []) values.push(...(await expandWord(word, setting)));
    for (const value of values) {
      this.state.variables.set(name.value, value);
      if ((await this.#turn(body, io)) === 'over') break;
    }
    return this.state.lastStatus;
  }

  async #while({ kind, clause, body }: While, io: ShellIo): Promise<number> {
    let turns = 0;
    while (((await this.#asCondition(clause, io)) === 0) === (kind === 'while')) {
      this.#setting.signal.throwIfAborted();
      // A loop of nothing but memory must not keep everybody else waiting.
      if (++turns % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      if ((await this.#turn(body, io)) === 'over') break;
    }
    return 0;
  }

  async #turn(body: CompoundList, io: ShellIo): Promise<'on' | 'over'> {
    try {
      await this.#statements(body.commands, io);
    } catch (error) {
      if (!(error instanceof ShellJump) || error.to === 'return') throw error;
      if (error.count > 1) throw new ShellJump(error.to, error.count - 1);
      if (error.to === 'break') return 'over';
    }
    return 'on';
  }

  async #case({ word, items }: Case, io: ShellIo): Promise<number> {
    const setting = this.#expansion(io);
    const text = await expandText(word, setting);
    for (const { pattern, body } of items) {
      for (const one of pattern) {
        if (matchesPattern(text, await expandText(one, setting))) return this.#statements(body.commands, io);
      }
    }
    return 0;
  }

  #expansion(io: ShellIo): ExpandSetting {
    const { files } = this.#setting.world;
    return { state: this.state, files, output: (script) => this.#output(script, io) };
  }

  async #output(script: ParsedScript, io: ShellIo): Promise<string> {
    const collected = new CollectedOutput();
    const inner = new Shell(this.#setting, { ...copyOf(this.state), depth: this.#deeper() });
    const list = { type: 'CompoundList', commands: script.commands, text: '', pos: 0, end: 0 } as const;
    this.state.lastStatus = await inner.#settled(list, { ...io, stdout: collected });
    return collected.text();
  }
}

/** The command and its arguments, after all expansions. */
async function commandWords(node: CommandNode, setting: ExpandSetting): Promise<string[]> {
  const words: string[] = [];
  const parts = [node.name, ...node.args].filter((one) => one !== undefined);
  for (const part of parts) {
    if (part.type === 'Word') words.push(...(await expandWord(part, setting)));
    else words.push(part.value.type === 'Word' ? `${part.name}=${await expandText(part.value, setting)}` : part.text);
  }
  return words;
}

/** The name a command is known by: `/bin/ls` and `ls` are one. */
function commandName({ files }: ShellWorld, cwd: string, written: string): string | undefined {
  if (!written.includes('/')) return written;
  const path = posix.resolve(cwd, written);
  return files.find(path)?.is === 'file' && /^(\/usr)?(\/local)?\/s?bin\//.test(path)
    ? posix.basename(path)
    : undefined;
}

/** What goes wrong with files is said on stderr, and is the end of one command only. */
async function guarded(name: string, io: ShellIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await io.stderr.write(`${name}: ${error.message}\n`);
    return 1;
  }
}
