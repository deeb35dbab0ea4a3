{{/* Port of all processes: container, probes, Service and policies. */}}
{{- define "customer-gateway.port" -}}4000{{- end }}

{{/* Base of all names. Leaves room for a suffix in the 63 characters of a label. */}}
{{- define "customer-gateway.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) }}
{{- $name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "customer-gateway.serviceAccountName" -}}
{{- $default := ternary (include "customer-gateway.fullname" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $default }}
{{- end }}

{{/* Labels that select the pods of a component. Takes `root` and `component`. */}}
{{- define "customer-gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of an object. Takes `root` and `component`. */}}
{{- define "customer-gateway.labels" -}}
{{ include "customer-gateway.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
{{- end }}

{{- define "customer-gateway.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}
{{- end }}
{{- end }}
{{- end }}

{{/* A variable from a key of a Secret. Takes `variable` and `secret`. */}}
{{- define "customer-gateway.secretVariable" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret.name }}
      key: {{ .secret.key | default .variable }}
{{- end }}

{{/* The settings of all components. */}}
{{- define "customer-gateway.settings" -}}
- name: NODE_ENV
  value: production
- name: PORT
  value: {{ include "customer-gateway.port" . | quote }}
{{- range $variable, $value := .Values.settings }}
- name: {{ $variable }}
  {{- /* YAML reads `on` as true. JSON prints a number without an exponent. */}}
  {{- if kindIs "bool" $value }}
  value: {{ ternary "on" "off" $value | quote }}
  {{- else if kindIs "string" $value }}
  value: {{ $value | quote }}
  {{- else }}
  value: {{ $value | toJson | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The settings of a gateway or a worker. */}}
{{- define "customer-gateway.serviceSettings" -}}
{{ include "customer-gateway.settings" . }}
{{- range $variable, $secret := .Values.secrets }}
{{ include "customer-gateway.secretVariable" (dict "variable" $variable "secret" $secret) }}
{{- end }}
- name: MIGRATE
  value: 'off'
- name: WEBHOOKS
  value: {{ ternary "off" "on" .Values.worker.enabled | quote }}
{{- end }}

{{/* What all pods have. Takes `root` and `component`. */}}
{{- define "customer-gateway.podSpec" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
# `node` in the image. Kubernetes compares numbers only.
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.pod.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
  {{- with .root.Values.pod.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What all containers have. */}}
{{- define "customer-gateway.container" -}}
image: {{ include "customer-gateway.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with .Values.pod.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Spreads the pods of a component over zones and nodes as far as possible. Takes `root` and `component`. */}}
{{- define "customer-gateway.topologySpread" -}}
{{- $context := . -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "customer-gateway.selectorLabels" $context | nindent 6 }}
  # Counts only pods of the same revision during a rollout.
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}

{{/* A Deployment of a component. Takes `root`, `component`, `name`, `replicas`, `resources` and optionally `command`. */}}
{{- define "customer-gateway.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "customer-gateway.labels" . | nindent 4 }}
spec:
  {{- if ne .replicas nil }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "customer-gateway.selectorLabels" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "customer-gateway.labels" . | nindent 8 }}
        {{- with .root.Values.pod.labels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .root.Values.pod.annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "customer-gateway.podSpec" . | nindent 6 }}
      serviceAccountName: {{ include "customer-gateway.serviceAccountName" .root }}
      # After the sleep, more than the 10 s in which the process stops.
      terminationGracePeriodSeconds: {{ add 15 .root.Values.pod.preStopSleepSeconds }}
      topologySpreadConstraints:
        {{- include "customer-gateway.topologySpread" . | trim | nindent 8 }}
      containers:
        - name: {{ .component }}
          {{- include "customer-gateway.container" .root | nindent 10 }}
          {{- with .command }}
          command: {{ toJson . }}
          {{- end }}
          env:
            {{- include "customer-gateway.serviceSettings" .root | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ include "customer-gateway.port" .root }}
          resources:
            {{- toYaml .resources | nindent 12 }}
          {{- with .root.Values.pod.preStopSleepSeconds }}
          lifecycle:
            preStop:
              sleep:
                seconds: {{ . }}
          {{- end }}
          startupProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 2
            timeoutSeconds: 3
            failureThreshold: 30
          # Not /readyz: a restart does not help when the database is unavailable.
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
            timeoutSeconds: 3
            failureThreshold: 3
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
{{- end }}
