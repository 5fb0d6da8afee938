const kinds =
  'the kinds, roles and namespaces of the platform are there too; as on any cluster, their names can be meant by short ones';
const impersonation = 'whom a caller says to act for is not heard: nobody acts with another name than their own';
const binding = 'a binding needs a role that is there: else whoever makes the role later gives rights unseen';

/** Commands that may be answered otherwise by way of the platform than by the cluster itself, by script, each with the reason. */
export const throughDifferences: Readonly<Record<string, string>> = {
  "basics: kubectl version -o json | grep -A 20 serverVersion | grep -E 'major|minor|gitVersion'":
    '/version says which KubeSphere API is served, as KubeSphere does',
  'basics: kubectl api-versions | grep -v metrics': kinds,
  'basics: kubectl api-resources --no-headers | grep -v metrics | sort': kinds,
  'basics: kubectl api-resources --namespaced=false --verbs=list,create -o name | sort': kinds,
  'basics: kubectl get namespaces': kinds,
  "basics: kubectl get --raw '/livez?verbose' | tail -1": 'probes of the platform say one word',
  'basics: kubectl get clusterroles -o name | grep -v metrics | sort': kinds,
  'basics: kubectl get clusterrolebindings -o name | grep -v simulated | sort': kinds,
  'basics: kubectl get apiservices -o name | grep -v metrics | sort': kinds,
  'basics: kubectl auth can-i create pods --as nobody': impersonation,
  'basics: kubectl auth can-i get pods --subresource=log --as system:serviceaccount:default:default -v=0':
    impersonation,
  'basics: kubectl auth can-i --list --as nobody | sort': impersonation,
  'basics: kubectl get pods --as nobody': impersonation,
  'basics: kubectl auth whoami --as nobody --as-group developers': impersonation,
  "basics: kubectl auth whoami -o jsonpath='{.status.userInfo.groups}'":
    'the person of a platform token has no cluster group',
  'apply: kubectl create rolebinding empty --role=any': binding,
  'apply: kubectl set subject rolebinding empty --user=anna --serviceaccount=kc-apply:robot': binding,
  "apply: kubectl get rolebinding empty -o jsonpath='{.subjects}'": binding,
  'output: kubectl get po,cm,svc,sa,deploy,ds,sts,rs,ep,quota,limits,pvc,ing,netpol,pdb,hpa,cj,jobs': kinds,
  "output: kubectl get pv,sc,ingressclass,runtimeclass,csidriver,validatingadmissionpolicy,validatingwebhookconfiguration,volumeattributesclass -o wide | grep -E 'kc|NAME'":
    kinds,
  'output: kubectl get limits,quota,netpol,pvc,ing,pdb,lease,rc,podtemplate -o wide': kinds,
};
