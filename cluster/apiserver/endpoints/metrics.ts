import type { ServerResponse } from 'node:http';
import type { ApiServerParts } from '../api-server-parts.ts';

/** What the server has answered since it started, and what it is answering now. */
export class RequestCounters {
  readonly #answered = new Map<string, number>();
  readonly #open = new Map<string, number>();

  /** Counts one request from now until its answer has ended. */
  follow(verb: string, response: ServerResponse): void {
    this.#add(this.#open, `verb="${verb}"`, 1);
    response.once('close', () => {
      this.#add(this.#open, `verb="${verb}"`, -1);
      this.#add(this.#answered, `verb="${verb}",code="${response.statusCode}"`, 1);
    });
  }

  answered(): ReadonlyMap<string, number> {
    return this.#answered;
  }

  open(): ReadonlyMap<string, number> {
    return this.#open;
  }

  #add(counts: Map<string, number>, labels: string, by: number): void {
    counts.set(labels, (counts.get(labels) ?? 0) + by);
  }
}

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** By labels; no labels are ''. */
  readonly values: ReadonlyMap<string, number>;
}

const single = (value: number): ReadonlyMap<string, number> => new Map([['', value]]);

function textOf({ name, type, help, values }: Metric): string {
  const samples = [...values].map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join('')}`;
}

/** The state of the server in Prometheus' text format. */
export function metricsText({ storage, kinds }: ApiServerParts, counters: RequestCounters): string {
  const { rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const metrics: Metric[] = [
    {
      name: 'apiserver_request_total',
      type: 'counter',
      help: 'Requests answered, by verb and status code.',
      values: counters.answered(),
    },
    {
      name: 'apiserver_current_requests',
      type: 'gauge',
      help: 'Requests being answered, by verb; those of watches are the watchers.',
      values: counters.open(),
    },
    {
      name: 'apiserver_storage_revision',
      type: 'gauge',
      help: 'The newest resource version on disk.',
      values: single(storage.revision),
    },
    {
      name: 'apiserver_storage_oldest_revision',
      type: 'gauge',
      help: 'The oldest resource version that can be listed and watched from.',
      values: single(storage.floor),
    },
    {
      name: 'apiserver_storage_commits_total',
      type: 'counter',
      help: 'Commits of the storage, each of one or many writes; its mode says when one is safe.',
      values: new Map([[`mode="${storage.mode}"`, storage.commits]]),
    },
    {
      name: 'apiserver_served_kinds',
      type: 'gauge',
      help: 'Kinds served, in all their versions, custom ones included.',
      values: single(kinds.all().length),
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Memory of the whole process.',
      values: single(rss),
    },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'CPU time of the whole process.',
      values: single((user + system) / 1e6),
    },
  ];
  return metrics.map(textOf).join('');
}
