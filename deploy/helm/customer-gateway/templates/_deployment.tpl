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
