import { useState, type KeyboardEvent, type Ref } from 'react';
import { Combobox, PillsInput, useCombobox } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Icon } from '../icons/icon.tsx';
import { useUiText } from '../text/ui-text.ts';
import type { FilterDef } from './column.ts';
import { completions, parseFilter } from './filter-text.ts';
import type { ListControl } from './list-state.ts';
import classes from './data-table.module.css';

interface FilterFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly control: ListControl;
  readonly filters: readonly FilterDef[];
}

interface Chip {
  readonly id: string;
  readonly text: string;
  readonly drop: () => void;
}

function chipsOf({ view, change, setToken }: ListControl, filters: readonly FilterDef[], typed: string): Chip[] {
  const tokens = Object.entries(view.tokens).map(([token, value]) => {
    const label = filters
      .find((filter) => filter.token === token)
      ?.values?.find((option) => option.value === value)?.label;
    return { id: token, text: `${token}:${label ?? value}`, drop: () => setToken(token, undefined) };
  });
  return view.search && view.search !== typed
    ? [{ id: 'q', text: view.search, drop: () => change({ search: '' }) }, ...tokens]
    : tokens;
}

/** Free text, which filters as it is typed, and tokens; on Enter both become chips that can be dropped one by one. */
export function FilterField({ ref, control, filters }: FilterFieldProps) {
  const t = useUiText();
  const combobox = useCombobox();
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState<string>();
  const chips = chipsOf(control, filters, text.trim());
  const options = completions(text, filters);
  const token = filters[0]?.token;
  const hint = token ? t('list.filter.hint', { token }) : t('list.filter.hint.name');

  const search = useDebouncedCallback((typed: string) => control.change({ search: typed.trim() }), 200);
  const type = (typed: string) => {
    setText(typed);
    setUnknown(undefined);
    const isToken = typed.includes(':') || (typed !== '' && completions(typed, filters).length > 0);
    if (!isToken) search(typed);
  };
  const take = (typed: string) => {
    const parsed = parseFilter(typed, filters);
    if (parsed.search) control.change({ search: parsed.search });
    for (const [token, value] of Object.entries(parsed.tokens)) control.setToken(token, value);
    setUnknown(parsed.unknown[0]);
    setText('');
    combobox.closeDropdown();
  };
  const complete = (insert: string) => {
    const whole = text.replace(/\S*$/, insert);
    if (insert.endsWith(' ')) take(whole);
    else setText(whole);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isChoosing = combobox.dropdownOpened && combobox.getSelectedOptionIndex() >= 0;
    if (event.key === 'Enter' && !isChoosing) take(text);
    if (event.key === 'Backspace' && text === '') chips.at(-1)?.drop();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={complete} withinPortal>
      <Combobox.DropdownTarget>
        <PillsInput
          className={classes.filter}
          size="xs"
          leftSection={<Icon name="filter" size={14} />}
          error={unknown && t('list.filter.unknown', { filter: unknown })}
        >
          <div className={classes.chips}>
            {chips.map(({ id, text: label, drop }) => (
              <span key={id} className={classes.chip}>
                {label}
                <button type="button" aria-label={t('list.filter.drop', { filter: label })} onClick={drop}>
                  <Icon name="x" size={12} />
                </button>
              </span>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                className={classes.filterInput}
                ref={ref}
                aria-label={t('list.filter')}
                placeholder={chips.length === 0 ? hint : undefined}
                value={text}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onChange={(event) => {
                  type(event.currentTarget.value);
                  combobox.openDropdown();
                }}
                onKeyDown={onKeyDown}
              />
            </Combobox.EventsTarget>
          </div>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={options.length === 0}>
        <Combobox.Options aria-label={t('list.filter')}>
          {options.map(({ insert, label }) => (
            <Combobox.Option key={insert} value={insert}>
              <code>{insert}</code> {label}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
