import type { ConsoleFeature } from '@kit/ui';
import { iamConsole } from '@feature/iam/console';
import { resourcesConsole } from '@feature/resources/console';
import { tenancyConsole } from '@feature/tenancy/console';
import { terminalConsole } from '@feature/terminal/console';

/** What the console is made of, one line a feature. */
export const features: readonly ConsoleFeature[] = [tenancyConsole, resourcesConsole, terminalConsole, iamConsole];
