import { lazy, Suspense, useState } from 'react';
import { Outlet } from '@tanstack/react-router';
import { ActionIcon } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { DockProvider, Icon } from '@kit/ui';
import { useShellText } from '../text.ts';
import { features } from '../features.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { KeysHelp } from './keys-help.tsx';
import { Navigation } from './navigation.tsx';
import { PaletteButton } from './palette-button.tsx';
import { PlaceGate } from './place-gate.tsx';
import { UserMenu } from './user-menu.tsx';
import { WhyNotProvider } from './why-not-provider.tsx';
import classes from './shell.module.css';

const header = features.find((feature) => feature.header)?.header;
const Header = header && lazy(header);

/** The frame of the console: header, navigation of the place, page, dock. */
export function AppShell() {
  const t = useShellText();
  const { online } = useNetwork();
  const [isNavOpen, setNavOpen] = useState(false);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {t('skip')}
      </a>
      <header className={classes.header}>
        <ActionIcon
          className={classes.navButton}
          variant="subtle"
          aria-label={t('openNav')}
          aria-expanded={isNavOpen}
          onClick={() => setNavOpen(!isNavOpen)}
        >
          <Icon name={isNavOpen ? 'x' : 'menu-2'} />
        </ActionIcon>
        <Breadcrumb />
        <PaletteButton />
        {Header && (
          <Suspense fallback={<span className={classes.headerPlace} />}>
            <Header />
          </Suspense>
        )}
        <UserMenu />
      </header>
      {!online && (
        <div className={classes.offline} role="status">
          {t('offline')}
        </div>
      )}
      <div className={classes.body}>
        <div className={classes.nav} data-open={isNavOpen || undefined} onClick={() => setNavOpen(false)}>
          <Navigation />
        </div>
        <div className={classes.column}>
          <DockProvider>
            <WhyNotProvider>
              <main id="content" className={classes.main} tabIndex={-1}>
                <PlaceGate>
                  <Outlet />
                </PlaceGate>
              </main>
            </WhyNotProvider>
          </DockProvider>
        </div>
      </div>
      <KeysHelp />
    </div>
  );
}
