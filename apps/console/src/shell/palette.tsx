import { useEffect, useState } from 'react';
import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Icon, useGo, type IconName, type PlaceOption, type PlaceSource } from '@kit/ui';
import { useShellText } from '../text.ts';
import { placeSources } from './breadcrumb.tsx';
import { useCommands } from './use-commands.ts';
import { useNav } from './use-nav.ts';

const [store, spotlight] = createSpotlight();

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon: IconName;
  readonly run: () => void;
}

function matching(entries: readonly Entry[], query: string): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ label, detail = '' }) =>
    words.every((word) => `${label} ${detail}`.toLowerCase().includes(word)),
  );
}

const placeIcons = { workspace: 'building', project: 'folder' } as const satisfies Record<
  PlaceSource['place'],
  IconName
>;

async function findPlaces(search: string): Promise<readonly (PlaceOption & { icon: IconName })[]> {
  const found = placeSources.map(async (source) => {
    const options = await source.find(search, {});
    return options.map((option) => ({ ...option, icon: placeIcons[source.place] }));
  });
  return (await Promise.all(found)).flat();
}

function usePlaces(query: string) {
  const [settled] = useDebouncedValue(query.trim(), 150);
  const found = useQuery({
    queryKey: ['places', 'all', settled],
    queryFn: () => findPlaces(settled),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  });
  return settled === '' ? [] : (found.data ?? []);
}

/** The library selects the first entry when the text changes, which is before the places of that text are known. */
function selectFirst(): void {
  const list = document.getElementById(store.getState().listId);
  list?.querySelector('[data-selected]')?.removeAttribute('data-selected');
  list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

/** Everything one can go to or do, by typing: pages of this place, places, commands. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useShellText();
  const go = useGo();
  const [query, setQuery] = useState('');
  const pages = useNav().map(({ id, label, icon, href }) => ({ id, label, icon, run: () => go(href) }));
  const places = usePlaces(query).map(({ href, name, detail, icon }) => ({
    id: href,
    label: name,
    detail,
    icon,
    run: () => go(href),
  }));
  useEffect(() => {
    if (opened) spotlight.open();
  }, [opened]);
  const found = places.map(({ id }) => id).join(' ');
  useEffect(selectFirst, [found]);
  const choose = (run: () => void) => {
    onClose();
    run();
  };
  const groups = [
    { label: t('palette.pages'), entries: matching(pages, query) },
    { label: t('palette.places'), entries: places },
    { label: t('palette.commands'), entries: matching(useCommands(), query) },
  ].filter(({ entries }) => entries.length > 0);
  return (
    <Spotlight.Root
      store={store}
      onSpotlightClose={onClose}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
    >
      <Modal.Title className="fh-visually-hidden">{t('palette')}</Modal.Title>
      <Spotlight.Search placeholder={t('palette')} aria-label={t('palette')} leftSection={<Icon name="search" />} />
      <Spotlight.ActionsList>
        {groups.map(({ label, entries }) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {entries.map(({ id, label: text, detail, icon, run }) => (
              <Spotlight.Action
                key={id}
                label={text}
                description={detail}
                leftSection={<Icon name={icon} />}
                onClick={() => choose(run)}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
