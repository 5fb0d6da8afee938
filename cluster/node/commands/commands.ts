import type { CommandTable } from '../shell/shell-world.ts';
import { fileCommands } from './file-commands.ts';
import { matchCommands } from './match-commands.ts';
import { networkCommands } from './network-commands.ts';
import { shellCommands } from './shell-commands.ts';
import { systemCommands } from './system-commands.ts';
import { tarCommands } from './tar-command.ts';
import { textCommands } from './text-commands.ts';

/** Every command of a simulated container. */
export const commands: CommandTable = {
  ...textCommands,
  ...matchCommands,
  ...fileCommands,
  ...systemCommands,
  ...networkCommands,
  ...tarCommands,
  ...shellCommands,
};
