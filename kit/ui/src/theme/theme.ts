import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eceefb',
  '#d6d9f6',
  '#b9bdf0',
  '#999ee9',
  '#7d83e2',
  '#5a5fd0',
  '#4347b5',
  '#3a3ea3',
  '#31358c',
  '#272a70',
];

const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Apple SD Gothic Neo', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK KR', 'Noto Sans CJK SC', sans-serif";

/** The tokens as Mantine's own components need them. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  autoContrast: true,
  colors: { accent },
  fontFamily,
  fontFamilyMonospace: 'var(--fh-font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: '6px',
  headings: {
    fontFamily,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default', fz: 13 } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right', allowDeselect: false, withScrollArea: false } },
    Modal: { defaultProps: { transitionProps: { duration: 100 }, overlayProps: { backgroundOpacity: 0.35 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 100 } } },
    // A header of the page there is only one.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
    Menu: {
      defaultProps: {
        transitionProps: { duration: 80 },
        shadow: 'md',
        position: 'bottom-end',
        withInitialFocusPlaceholder: false,
      },
    },
    Autocomplete: { defaultProps: { size: 'sm', withScrollArea: false } },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        multiline: true,
        maw: 320,
        openDelay: 250,
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
});

const shared = {
  '--mantine-color-body': 'var(--fh-page)',
  '--mantine-color-text': 'var(--fh-text)',
  '--mantine-color-dimmed': 'var(--fh-text-soft)',
  '--mantine-color-placeholder': 'var(--fh-text-soft)',
  '--mantine-color-error': 'var(--fh-bad)',
  '--mantine-color-anchor': 'var(--fh-accent)',
  '--mantine-color-default': 'var(--fh-raised)',
  '--mantine-color-default-hover': 'var(--fh-hover)',
  '--mantine-color-default-color': 'var(--fh-text)',
  '--mantine-color-default-border': 'var(--fh-line-firm)',
};

/** Points Mantine's colours at the tokens, so both themes have one source. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
