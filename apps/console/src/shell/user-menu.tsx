import { Menu, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon, languages, to, useGo, useSession, type IconName } from '@kit/ui';
import { useShellText } from '../text.ts';
import { languageNames, signOut, themeIcons, useChooseLanguage } from './use-commands.ts';
import classes from './shell.module.css';

/** Who one is, language, theme, sign out. */
export function UserMenu() {
  const t = useShellText();
  const go = useGo();
  const { username } = useSession();
  const { i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const chooseLanguage = useChooseLanguage();
  const themes = Object.entries(themeIcons) as [MantineColorScheme, IconName][]; // its keys are exactly the schemes
  return (
    <Menu width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Icon name="user" />
          <span className="fh-visually-hidden">{t('user')}</span> <span className={classes.userName}>{username}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.whoami}>{username}</Menu.Label>
        <Menu.Item leftSection={<Icon name="user" />} onClick={() => go(to.platform('account'))}>
          {t('account')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('theme')}</Menu.Label>
        {themes.map(([scheme, icon]) => (
          <Choice
            key={scheme}
            icon={icon}
            label={t(`theme.${scheme}`)}
            isChosen={scheme === colorScheme}
            onChoose={() => setColorScheme(scheme)}
          />
        ))}
        <Menu.Divider />
        <Menu.Label>{t('language')}</Menu.Label>
        {languages.map((language) => (
          <Choice
            key={language}
            icon="language"
            label={languageNames[language]}
            isChosen={language === i18n.language}
            onChoose={() => chooseLanguage(language)}
          />
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="logout" />} onClick={() => void signOut()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ChoiceProps {
  readonly icon: IconName;
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Choice({ icon, label, isChosen, onChoose }: ChoiceProps) {
  return (
    <Menu.Item
      aria-current={isChosen || undefined}
      leftSection={<Icon name={icon} />}
      rightSection={isChosen && <Icon name="check" />}
      onClick={onChoose}
    >
      {label}
    </Menu.Item>
  );
}
