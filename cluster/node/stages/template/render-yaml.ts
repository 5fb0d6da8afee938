import { parse, stringify } from 'yaml';
import { libraryFunctions } from './library-functions.ts';
import { goTemplate } from './go-template.ts';
import { TemplateError, type TemplateFunctions } from './template-value.ts';

function quoted(value: unknown): string {
  const json = JSON.stringify(value ?? null);
  return json.startsWith('"') ? json : JSON.stringify(json);
}

function asYaml(value: unknown, indent = 0): string {
  const text = stringify(value, { indentSeq: false, aliasDuplicateObjects: false, lineWidth: 0 });
  return indent > 0 ? `\n${text}`.replaceAll('\n', `\n${' '.repeat(indent * 2)}`) : text;
}

const nodeConditions = [
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['NetworkUnavailable', 'False', 'RouteCreated', 'RouteController created a route'],
].map(([type, status, reason, message]) => ({
  lastHeartbeatTime: null,
  lastTransitionTime: null,
  message,
  reason,
  status,
  type,
}));

/** What a template of a stage calls that depends on when and where it runs. */
export interface StageSurroundings {
  readonly now: () => string;
  readonly functions: TemplateFunctions;
}

/** A template of a stage: what it makes of an object, read as YAML. Throws `TemplateError`. */
export function stageTemplate(source: string, { now, functions }: StageSurroundings): (object: unknown) => unknown {
  const startTime = now();
  const template = goTemplate(source, {
    ...libraryFunctions,
    now,
    Now: now,
    StartTime: () => startTime,
    Quote: quoted,
    YAML: asYaml,
    Version: () => 'simulated',
    NodeConditions: () => nodeConditions,
    ...functions,
  });
  return (object) => {
    const text = template.render(object);
    try {
      return parse(text, { uniqueKeys: false, merge: true }) as unknown; // the caller sends it to the API server
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
      throw new TemplateError(`the template made no YAML: ${why}`, { cause: error });
    }
  };
}
