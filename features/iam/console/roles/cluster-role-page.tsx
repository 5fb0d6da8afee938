export { ClusterRolePage as default } from './role-page.tsx';
