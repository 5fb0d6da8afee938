export { NewClusterRolePage as default } from './new-role-page.tsx';
