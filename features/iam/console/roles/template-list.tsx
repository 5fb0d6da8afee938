import { Checkbox } from '@mantine/core';
import { useText } from '../text.ts';
import { byModule, comesAlong, type Template } from './templates.ts';
import { useModuleName, useTemplateName } from './use-template-name.ts';
import classes from './roles.module.css';

interface TemplateListProps {
  readonly templates: readonly Template[];
  readonly chosen: ReadonlySet<string>;
  /** Absent: only shown. */
  readonly onChange?: (chosen: ReadonlySet<string>) => void;
}

/** What a role is made of, under headings; what comes along with another says with which. */
export function TemplateList({ templates, chosen, onChange }: TemplateListProps) {
  const moduleName = useModuleName();
  const along = comesAlong(chosen, templates);
  const isIn = (name: string) => chosen.has(name) || along.has(name);
  const shown = templates.filter((template) => (onChange && template.isOffered) || isIn(template.name));
  return (
    <div className={classes.modules}>
      {[...byModule(shown)].map(([module, inModule]) => (
        <fieldset key={module} className={classes.module}>
          <legend className={classes.heading}>{moduleName(module)}</legend>
          {inModule.map((template) => (
            <TemplateLine
              key={template.name}
              template={template}
              templates={templates}
              needing={along.get(template.name)}
              isChosen={chosen.has(template.name)}
              onToggle={
                onChange &&
                ((isOn) => onChange(new Set(isOn ? [...chosen, template.name] : without(chosen, template.name))))
              }
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function without(names: ReadonlySet<string>, gone: string): string[] {
  return [...names].filter((name) => name !== gone);
}

interface TemplateLineProps {
  readonly template: Template;
  readonly templates: readonly Template[];
  /** Chosen ones that bring this one along. */
  readonly needing: readonly string[] | undefined;
  readonly isChosen: boolean;
  readonly onToggle: ((isOn: boolean) => void) | undefined;
}

function TemplateLine({ template, templates, needing, isChosen, onToggle }: TemplateLineProps) {
  const t = useText();
  const templateName = useTemplateName();
  const nameOf = (name: string) => templateName(templates.find((one) => one.name === name) ?? { name, alias: name });
  const list = (names: readonly string[]) => names.map(nameOf).join(', ');
  if (!onToggle) return <div className={classes.line}>{templateName(template)}</div>;
  const description = needing
    ? t('template.comesWith', { names: list(needing) })
    : template.dependencies.length > 0
      ? t('template.brings', { names: list(template.dependencies) })
      : undefined;
  return (
    <Checkbox
      label={templateName(template)}
      description={description}
      checked={isChosen || needing !== undefined}
      disabled={needing !== undefined}
      onChange={(event) => onToggle(event.currentTarget.checked)}
    />
  );
}
