-- MySQL dump of a KubeGems with two tenants and two clusters
DROP TABLE IF EXISTS `clusters`;
CREATE TABLE `clusters` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `cluster_name` varchar(50) DEFAULT NULL,
  `api_server` varchar(250) DEFAULT NULL,
  `deleted_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `clusters` VALUES (1,'main','https://10.0.0.1:6443',NULL),(2,'edge','https://10.0.0.2:6443',NULL),(3,'old','https://10.0.0.3:6443','2022-05-01 10:00:00.000');
CREATE TABLE `system_roles` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `role_name` longtext,
  `role_code` varchar(30) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `system_roles` VALUES (1,'administrator','sysadmin'),(2,'ordinary','normal');
CREATE TABLE `users` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `username` varchar(50) DEFAULT NULL,
  `email` varchar(50) DEFAULT NULL,
  `phone` varchar(255) DEFAULT NULL,
  `password` varchar(255) DEFAULT NULL,
  `is_active` tinyint(1) DEFAULT NULL,
  `created_at` datetime(3) DEFAULT NULL,
  `last_login_at` datetime(3) DEFAULT NULL,
  `system_role_id` bigint unsigned DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `users` VALUES (1,'gems-root','root@gems.example.com','','$2a$10$A/0A.L2EIJJZW9yFTz3VhOeYfncRbiVMW9PHn4uKv/JIdNjYItLMm',1,'2022-01-01 00:00:00.000',NULL,1),(2,'gems-lena','lena@gems.example.com','','$2a$10$A/0A.L2EIJJZW9yFTz3VhOeYfncRbiVMW9PHn4uKv/JIdNjYItLMm',1,'2022-01-02 00:00:00.000',NULL,2),(3,'gems-otto','otto@gems.example.com','','$2a$10$A/0A.L2EIJJZW9yFTz3VhOeYfncRbiVMW9PHn4uKv/JIdNjYItLMm',0,'2022-01-03 00:00:00.000',NULL,2),(4,'Gems_Max','max@gems.example.com','','$2a$10$A/0A.L2EIJJZW9yFTz3VhOeYfncRbiVMW9PHn4uKv/JIdNjYItLMm',1,'2022-01-04 00:00:00.000',NULL,2),(5,'gems-ldap','ldap@gems.example.com','','',1,'2022-01-05 00:00:00.000',NULL,2);
CREATE TABLE `tenants` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `tenant_name` varchar(50) DEFAULT NULL,
  `remark` longtext,
  `is_active` tinyint(1) DEFAULT NULL,
  `created_at` datetime(3) DEFAULT NULL,
  `updated_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `tenants` VALUES (1,'gems-acme','Acme\'s, (all of it)',1,'2022-01-01 00:00:00.000',NULL),(2,'gems-sleeps','',0,'2022-01-01 00:00:00.000',NULL);
CREATE TABLE `tenant_user_rels` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `tenant_id` bigint unsigned DEFAULT NULL,
  `user_id` bigint unsigned DEFAULT NULL,
  `role` varchar(30) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `tenant_user_rels` VALUES (1,1,2,'admin'),(2,1,5,'ordinary'),(3,1,4,'ordinary');
CREATE TABLE `tenant_resource_quota` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `content` json DEFAULT NULL,
  `tenant_id` bigint unsigned DEFAULT NULL,
  `cluster_id` bigint unsigned DEFAULT NULL,
  `tenant_resource_quota_apply_id` bigint unsigned DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `tenant_resource_quota` VALUES (1,'{"limits.cpu": "16", "limits.memory": "32Gi"}',1,1,NULL),(2,'{"limits.cpu": "2"}',1,2,NULL);
CREATE TABLE `projects` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `created_at` datetime(3) DEFAULT NULL,
  `project_name` varchar(50) DEFAULT NULL,
  `project_alias` varchar(50) DEFAULT NULL,
  `remark` longtext,
  `resource_quota` json DEFAULT NULL,
  `tenant_id` bigint unsigned DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `projects` VALUES (1,'2022-01-01 00:00:00.000','web','Web','the shop',NULL,1);
CREATE TABLE `project_user_rels` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `user_id` bigint unsigned DEFAULT NULL,
  `project_id` bigint unsigned DEFAULT NULL,
  `role` varchar(30) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `project_user_rels` VALUES (1,5,1,'dev');
CREATE TABLE `environments` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `environment_name` varchar(50) DEFAULT NULL,
  `namespace` varchar(50) DEFAULT NULL,
  `remark` longtext,
  `meta_type` longtext,
  `delete_policy` longtext,
  `resource_quota` json DEFAULT NULL,
  `limit_range` json DEFAULT NULL,
  `project_id` bigint unsigned DEFAULT NULL,
  `cluster_id` bigint unsigned DEFAULT NULL,
  `creator_id` bigint unsigned DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `environments` VALUES (1,'dev','gems-web-dev','','dev','delNamespace',NULL,NULL,1,1,2),(2,'prod','gems-web-prod','for customers','prod','delNamespace',NULL,NULL,1,1,2),(3,'taken','gems-taken','','test','delNamespace',NULL,NULL,1,1,2),(4,'away','gems-web-edge','','prod','delNamespace',NULL,NULL,1,2,2);
CREATE TABLE `environment_user_rels` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `user_id` bigint unsigned DEFAULT NULL,
  `environment_id` bigint unsigned DEFAULT NULL,
  `role` longtext,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `environment_user_rels` VALUES (1,5,2,'operator'),(2,2,2,'reader');
