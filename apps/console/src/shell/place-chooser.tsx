import { useState } from 'react';
import { Combobox, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Icon, useGo, type PlaceSource } from '@kit/ui';
import { useShellText } from '../text.ts';
import classes from './shell.module.css';

interface PlaceChooserProps {
  readonly source: PlaceSource;
  readonly workspace: string | undefined;
  readonly label: string;
  /** The label is written out, for a part of the place that is not chosen yet. */
  readonly withLabel?: boolean;
}

/** A searchable list of places of one kind. */
export function PlaceChooser({ source, workspace, label, withLabel = false }: PlaceChooserProps) {
  const t = useShellText();
  const go = useGo();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, 150);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const options = useQuery({
    queryKey: ['places', source.place, workspace, settled],
    queryFn: () => source.find(settled, { workspace }),
    enabled: combobox.dropdownOpened,
    placeholderData: keepPreviousData,
  });
  const found = options.data ?? [];
  const choose = (href: string) => {
    const option = found.find((candidate) => candidate.href === href);
    combobox.closeDropdown();
    if (option) go(option.href);
  };
  return (
    <Combobox store={combobox} width={280} position="bottom-start" withinPortal onOptionSubmit={choose}>
      <Combobox.Target withAriaAttributes={false}>
        <button
          type="button"
          className={classes.chooser}
          aria-label={label}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {withLabel && <span>{label}</span>}
          <Icon name="chevron-down" size={14} />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t('place.search')}
          aria-label={t('place.search')}
        />
        <Combobox.Options mah={320} className={classes.options} aria-label={label}>
          {found.map(({ href, name, detail }) => (
            <Combobox.Option key={href} value={href}>
              <div>{name}</div>
              {detail && <div className="fh-soft">{detail}</div>}
            </Combobox.Option>
          ))}
          {options.isSuccess && found.length === 0 && <Combobox.Empty>{t('place.none')}</Combobox.Empty>}
          {options.isError && <Combobox.Empty>{options.error.message}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
