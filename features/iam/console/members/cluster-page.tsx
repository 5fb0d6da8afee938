export { ClusterPage as default } from './members-page.tsx';
