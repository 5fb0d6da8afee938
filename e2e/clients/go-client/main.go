// A program of the Go client as operators use it, against the cluster of a kubeconfig: informers in protobuf, two
// candidates for one lease, the dynamic client with server-side apply, exec and port-forward by WebSocket and by SPDY.
// It prints a line for each thing that was as it should be, and ends with 1 at the first that was not.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/util/wait"
	corev1apply "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/util/retry"
)

const namespace = "default"

type program struct {
	ctx    context.Context
	config *rest.Config
	client *kubernetes.Clientset
}

func must(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, words ...any) {
	fmt.Printf("FAILED "+format+"\n", words...)
	os.Exit(1)
}

func expect(holds bool, what string) {
	if !holds {
		fail("%s", what)
	}
	fmt.Println("ok", what)
}

func until(what string, holds func() bool) {
	err := wait.PollUntilContextTimeout(context.Background(), 50*time.Millisecond, 30*time.Second, true,
		func(context.Context) (bool, error) { return holds(), nil })
	must(err, what)
	fmt.Println("ok", what)
}

// Informers of many kinds in protobuf, and one of metadata alone, follow what typed clients write.
func (p program) informers() {
	factory := informers.NewSharedInformerFactory(p.client, 0)
	core, apps := factory.Core().V1(), factory.Apps().V1()
	all := []cache.SharedIndexInformer{core.ConfigMaps().Informer(), core.Nodes().Informer(), core.Pods().Informer(),
		core.Secrets().Informer(), core.Events().Informer(), core.Services().Informer(), apps.Deployments().Informer(),
		apps.ReplicaSets().Informer(), factory.Rbac().V1().ClusterRoles().Informer(), factory.Coordination().V1().Leases().Informer(),
		factory.Discovery().V1().EndpointSlices().Informer(), factory.Batch().V1().Jobs().Informer()}
	var added, updated, deleted atomic.Int32
	of := func(object any, count *atomic.Int32) {
		if meta, ok := object.(metav1.Object); ok && strings.HasPrefix(meta.GetName(), "from-go-") {
			count.Add(1)
		}
	}
	_, err := all[0].AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { of(object, &added) },
		UpdateFunc: func(_, object any) { of(object, &updated) },
		DeleteFunc: func(object any) { of(object, &deleted) },
	})
	must(err, "handler")
	namespaces := metadatainformer.NewSharedInformerFactory(metadata.NewForConfigOrDie(p.config), 0)
	metas := namespaces.ForResource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}).Informer()
	factory.Start(p.ctx.Done())
	namespaces.Start(p.ctx.Done())
	for _, informer := range append(all, metas) {
		informer := informer
		until("an informer has synced", informer.HasSynced)
	}
	expect(len(metas.GetStore().List()) >= 4, "metadata alone can be listed")

	maps := p.client.CoreV1().ConfigMaps(namespace)
	const number = 100
	for i := range number {
		object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("from-go-", i)},
			Data: map[string]string{"a": "ä"}, BinaryData: map[string][]byte{"b": {0, 255}}}
		made, err := maps.Create(p.ctx, object, metav1.CreateOptions{})
		must(err, "create")
		made.Data["c"] = "d"
		_, err = maps.Update(p.ctx, made, metav1.UpdateOptions{})
		must(err, "update")
	}
	until("the informer has seen every creation and every update", func() bool { return added.Load() == number && updated.Load() == number })
	object, err := core.ConfigMaps().Lister().ConfigMaps(namespace).Get("from-go-7")
	must(err, "lister")
	expect(object.Data["a"] == "ä" && object.Data["c"] == "d" && bytes.Equal(object.BinaryData["b"], []byte{0, 255}), "its store holds what was written")
	must(maps.DeleteCollection(p.ctx, metav1.DeleteOptions{}, metav1.ListOptions{FieldSelector: "metadata.name!=kube-root-ca.crt"}), "delete collection")
	until("it has seen every deletion", func() bool { return deleted.Load() == number })
}

// Errors are those that the Go client has names for, and a conflict is one until it is tried again.
func (p program) errors() {
	maps := p.client.CoreV1().ConfigMaps(namespace)
	made, err := maps.Create(p.ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "one"}}, metav1.CreateOptions{})
	must(err, "create")
	_, err = maps.Create(p.ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "one"}}, metav1.CreateOptions{})
	expect(apierrors.IsAlreadyExists(err), "a second one exists already")
	_, err = maps.Get(p.ctx, "none", metav1.GetOptions{})
	expect(apierrors.IsNotFound(err), "none is not found")
	_, err = maps.Create(p.ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "Not A Name"}}, metav1.CreateOptions{})
	expect(apierrors.IsInvalid(err), "a bad name is invalid")
	_, err = maps.Patch(p.ctx, "one", types.MergePatchType, []byte(`{"data":{"x":"y"}}`), metav1.PatchOptions{})
	must(err, "patch")
	made.Data = map[string]string{"late": "yes"}
	_, err = maps.Update(p.ctx, made, metav1.UpdateOptions{})
	expect(apierrors.IsConflict(err), "a late update is a conflict")
	must(retry.RetryOnConflict(retry.DefaultRetry, func() error {
		newest, err := maps.Get(p.ctx, "one", metav1.GetOptions{})
		must(err, "get")
		newest.Data["late"] = "yes"
		_, err = maps.Update(p.ctx, newest, metav1.UpdateOptions{})
		return err
	}), "retry")
	must(maps.Delete(p.ctx, "one", metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(made.UID))}), "delete")
}

// Server-side apply, typed and dynamic, with owners of fields that disagree.
func (p program) apply() {
	typed := corev1apply.ConfigMap("applied", namespace).WithData(map[string]string{"a": "typed"})
	_, err := p.client.CoreV1().ConfigMaps(namespace).Apply(p.ctx, typed, metav1.ApplyOptions{FieldManager: "typed"})
	must(err, "typed apply")
	maps := dynamic.NewForConfigOrDie(p.config).Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(namespace)
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "applied"}, "data": map[string]any{"a": "dynamic"}}}
	_, err = maps.Apply(p.ctx, "applied", object, metav1.ApplyOptions{FieldManager: "dynamic"})
	expect(apierrors.IsConflict(err), "two managers that disagree are a conflict")
	got, err := maps.Apply(p.ctx, "applied", object, metav1.ApplyOptions{FieldManager: "dynamic", Force: true})
	must(err, "forced apply")
	value, _, _ := unstructured.NestedString(got.Object, "data", "a")
	expect(value == "dynamic" && len(got.GetManagedFields()) >= 1, "by force the second one owns the field")
	extracted, err := corev1apply.ExtractConfigMap(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "applied", ManagedFields: got.GetManagedFields()},
		Data: map[string]string{"a": "dynamic"}}, "dynamic")
	must(err, "extract")
	expect(extracted.Data["a"] == "dynamic", "what a manager has applied can be extracted")
	must(maps.Delete(p.ctx, "applied", metav1.DeleteOptions{}), "delete")
}

// Two candidates: one leads; when it gives up, the other one does.
func (p program) election() {
	leader := make(chan string, 10)
	candidate := func(name string) context.CancelFunc {
		ctx, cancel := context.WithCancel(p.ctx)
		lock := &resourcelock.LeaseLock{LeaseMeta: metav1.ObjectMeta{Name: "go-leader", Namespace: namespace},
			Client: p.client.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: name}}
		go leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{Lock: lock, ReleaseOnCancel: true,
			LeaseDuration: 3 * time.Second, RenewDeadline: 2 * time.Second, RetryPeriod: 200 * time.Millisecond,
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: func(ctx context.Context) { leader <- name; <-ctx.Done() },
				OnStoppedLeading: func() {},
			}})
		return cancel
	}
	resign := candidate("first")
	expect(<-leader == "first", "the first candidate leads")
	defer candidate("second")()
	select {
	case <-leader:
		fail("two candidates lead at once")
	case <-time.After(time.Second):
	}
	resign()
	expect(<-leader == "second", "the second one leads when the first has resigned")
	lease, err := p.client.CoordinationV1().Leases(namespace).Get(p.ctx, "go-leader", metav1.GetOptions{})
	must(err, "lease")
	expect(*lease.Spec.HolderIdentity == "second" && *lease.Spec.LeaseTransitions >= 1, "the lease says so")
}

func (p program) pod() *corev1.Pod {
	pods := p.client.CoreV1().Pods(namespace)
	_, err := pods.Create(p.ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "go-pod"}, Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Name: "c", Image: "busybox", Ports: []corev1.ContainerPort{{ContainerPort: 8080}}}}}}, metav1.CreateOptions{})
	must(err, "pod")
	var pod *corev1.Pod
	until("a pod runs", func() bool {
		pod, err = pods.Get(p.ctx, "go-pod", metav1.GetOptions{})
		return err == nil && pod.Status.Phase == corev1.PodRunning
	})
	return pod
}

func (p program) executor(protocol string, request *rest.Request) remotecommand.Executor {
	var executor remotecommand.Executor
	var err error
	if protocol == "WebSocket" {
		executor, err = remotecommand.NewWebSocketExecutor(p.config, "GET", request.URL().String())
	} else {
		executor, err = remotecommand.NewSPDYExecutor(p.config, "POST", request.URL())
	}
	must(err, protocol)
	return executor
}

// Commands in a container, with input, both outputs and an exit code, and a forwarded port.
func (p program) streams() {
	pod := p.pod()
	for _, protocol := range []string{"WebSocket", "SPDY"} {
		request := p.client.CoreV1().RESTClient().Post().Resource("pods").Namespace(namespace).Name(pod.Name).SubResource("exec").
			VersionedParams(&corev1.PodExecOptions{Command: []string{"sh", "-c", "cat; echo err >&2; exit 7"}, Stdin: true, Stdout: true, Stderr: true}, scheme.ParameterCodec)
		var stdout, stderr bytes.Buffer
		input := strings.Repeat("0123456789abcdef", 1<<16)
		err := p.executor(protocol, request).StreamWithContext(p.ctx, remotecommand.StreamOptions{Stdin: strings.NewReader(input), Stdout: &stdout, Stderr: &stderr})
		coded, isCoded := err.(interface{ ExitStatus() int })
		expect(isCoded && coded.ExitStatus() == 7, protocol+": the exit code comes back")
		expect(stdout.String() == input && stderr.String() == "err\n", protocol+": a megabyte goes there and back")
	}
	request := p.client.CoreV1().RESTClient().Post().Resource("pods").Namespace(namespace).Name(pod.Name).SubResource("portforward")
	transport, upgrader, err := spdy.RoundTripperFor(p.config)
	must(err, "round tripper")
	overSpdy := spdy.NewDialer(upgrader, &http.Client{Transport: transport}, "POST", request.URL())
	overWebSocket, err := portforward.NewSPDYOverWebsocketDialer(request.URL(), p.config)
	must(err, "dialer")
	p.forward("WebSocket", portforward.NewFallbackDialer(overWebSocket, overSpdy, func(error) bool { return false }))
	p.forward("SPDY", portforward.NewFallbackDialer(overSpdy, overSpdy, func(error) bool { return false }))
	logs, err := p.client.CoreV1().Pods(namespace).GetLogs(pod.Name, &corev1.PodLogOptions{}).DoRaw(p.ctx)
	must(err, "logs")
	expect(len(logs) > 0, "a pod has logs")
	zero := int64(0)
	must(p.client.CoreV1().Pods(namespace).Delete(p.ctx, pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &zero}), "delete pod")
}

func (p program) forward(protocol string, dialer httpstream.Dialer) {
	stop, ready := make(chan struct{}), make(chan struct{})
	forwarder, err := portforward.New(dialer, []string{"0:8080"}, stop, ready, io.Discard, os.Stderr)
	must(err, "forwarder")
	ended := make(chan error, 1)
	go func() { ended <- forwarder.ForwardPorts() }()
	select {
	case <-ready:
	case err := <-ended:
		fail("%s: port-forward: %v", protocol, err)
	}
	ports, err := forwarder.GetPorts()
	must(err, "ports")
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Get(fmt.Sprintf("http://127.0.0.1:%d/", ports[0].Local))
	must(err, "forwarded request")
	body, _ := io.ReadAll(answer.Body)
	close(stop)
	expect(len(body) > 0, protocol+": a forwarded port answers")
}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err, "kubeconfig")
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	config.QPS, config.Burst = 1000, 1000
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	p := program{ctx: ctx, config: config, client: kubernetes.NewForConfigOrDie(config)}
	p.informers()
	p.errors()
	p.apply()
	p.election()
	p.streams()
	fmt.Println("OK")
}
